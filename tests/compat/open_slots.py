"""The Python caldav library as a guest's calendar program: open_slots.py URL EMAIL PASSWORD TEAM

Reads "Open slots", accepts one, moves others into "Sessions" in both ways of clients, and meets one that is gone.
"""

import sys

import caldav
import requests

url, email, password, team = sys.argv[1:]
auth = (email, password)


def kinds(collection):
    return sorted(event.icalendar_component["DTSTART"].dt for event in collection.events())


def uids(collection):
    return {str(event.icalendar_component["UID"]) for event in collection.events()}


def dav(method, where, **more):
    return requests.request(method, str(where), auth=auth, timeout=10, **more)


def put(where, data, **headers):
    return dav("PUT", where, data=data.encode(), headers={"Content-Type": "text/calendar; charset=utf-8", **headers})


def answered(event, partstat):
    """The event as a client writes it back when its user answers."""
    component = event.icalendar_component
    component["ATTENDEE"].params["PARTSTAT"] = partstat
    return event.icalendar_instance.to_ical().decode()


def ctag(collection):
    body = '<propfind xmlns="DAV:"><prop><getctag xmlns="http://calendarserver.org/ns/"/></prop></propfind>'
    answer = dav("PROPFIND", collection.url, data=body, headers={"Depth": "0", "Content-Type": "application/xml"})
    return answer.text.split("getctag>")[1].split("<")[0]


def sync(collection, token):
    body = ('<sync-collection xmlns="DAV:"><sync-token>' + token + '</sync-token><sync-level>1</sync-level>'
            '<prop><getetag/></prop></sync-collection>')
    return dav("REPORT", collection.url, data=body, headers={"Content-Type": "application/xml"})


def looks_like_an_invitation(event):
    component = event.icalendar_component
    assert str(component["ORGANIZER"]).startswith("mailto:s-"), component["ORGANIZER"]
    local = str(component["ORGANIZER"]).removeprefix("mailto:").split("@")[0]
    assert len(local) <= 64 and local.lower() == local, local
    assert str(component["ATTENDEE"]) == f"mailto:{email}", component["ATTENDEE"]
    assert component["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION", component["ATTENDEE"].params
    assert str(component["URL"]).startswith("http") and f"/book/{team}/talk/" in str(component["URL"]), component["URL"]
    assert component["TRANSP"] == "TRANSPARENT", component["TRANSP"]


def reading(slots):
    events = slots.events()
    assert len(events) == 6, len(events)
    first = min(events, key=lambda event: event.icalendar_component["DTSTART"].dt)
    looks_like_an_invitation(first)
    answer = dav("GET", first.url)
    again = dav("GET", first.url, headers={"If-None-Match": answer.headers["ETag"]})
    assert answer.headers["ETag"].startswith('"') and again.status_code == 304, (answer.headers, again.status_code)
    assert dav("GET", first.url).content == answer.content
    start = first.icalendar_component["DTSTART"].dt
    found = slots.search(start=start, end=first.icalendar_component["DTEND"].dt, event=True, expand=False)
    assert [item.icalendar_component["UID"] for item in found] == [first.icalendar_component["UID"]], found
    many = slots.multiget([event.url for event in events]) if hasattr(slots, "multiget") else events
    assert len(list(many)) == 6
    return first


def accept(slots, sessions, event):
    uid, start = str(event.icalendar_component["UID"]), event.icalendar_component["DTSTART"].dt
    before, token = ctag(slots), slots.objects_by_sync_token(load_objects=False).sync_token
    assert sync(slots, token).status_code == 207
    for harmless in ["DECLINED", "TENTATIVE"]:
        answer = put(event.url, answered(event, harmless))
        assert answer.status_code == 204 and "ETag" not in answer.headers, (answer.status_code, answer.text)
    assert ctag(slots) == before and uid not in uids(sessions), "declining changes nothing"
    etag = dav("GET", event.url).headers["ETag"]
    stale = put(event.url, answered(event, "ACCEPTED"), **{"If-Match": '"other"'})
    assert stale.status_code == 412, stale.status_code
    event.icalendar_component["ATTENDEE"].params["PARTSTAT"] = "ACCEPTED"
    event.save()
    assert uid in uids(sessions), "booked under the same UID"
    assert start not in kinds(slots), "and gone from the open slots"
    assert dav("GET", event.url).status_code == 404
    assert ctag(slots) != before
    old = sync(slots, token)
    assert old.status_code == 403 and "valid-sync-token" in old.text, (old.status_code, old.text)
    twice = put(event.url, answered(event, "ACCEPTED"), **{"If-Match": etag})
    assert twice.status_code == 204, (twice.status_code, twice.text)
    assert len(uids(sessions)) == 1, "once"


def move(slots, sessions):
    first, second = sorted(slots.events(), key=lambda event: event.icalendar_component["DTSTART"].dt)[:2]
    # In one request, under a name of the client's own.
    uid, target = str(first.icalendar_component["UID"]), str(sessions.url) + "moved.ics"
    answer = dav("MOVE", first.url, headers={"Destination": target})
    assert answer.status_code == 201, (answer.status_code, answer.text)
    there = dav("GET", target)
    assert there.status_code == 200 and f"UID:{uid}" in there.text.replace("\r\n ", ""), there.text
    # The meeting link comes a moment later, and the event is another one with it.
    assert there.headers["ETag"] == answer.headers["ETag"] or "\nURL" in there.text, (answer.headers, there.text)
    assert dav("GET", first.url).status_code == 404
    # Written there and deleted here, as clients without MOVE do it.
    uid, target = str(second.icalendar_component["UID"]), str(sessions.url) + "other.ics"
    answer = put(target, second.data if isinstance(second.data, str) else second.data.decode(), **{"If-None-Match": "*"})
    assert answer.status_code in (201, 204), (answer.status_code, answer.text)
    assert dav("DELETE", second.url).status_code == 204, "the half that deletes finds it done"
    assert dav("GET", target).status_code == 200
    assert uid in uids(sessions) and len(uids(sessions)) == 3
    answer = put(target, second.data if isinstance(second.data, str) else second.data.decode())
    assert len(uids(sessions)) == 3, "once"


def refused(slots, sessions, offers):
    event = slots.events()[0]
    for answer in [
        dav("DELETE", event.url),
        put(str(slots.url) + "own.ics", "\r\n".join([
            "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Example//Test//EN", "BEGIN:VEVENT", "UID:own@example.org",
            "DTSTAMP:20261101T000000Z", "DTSTART:20270101T100000Z", "SUMMARY:Mine", "END:VEVENT", "END:VCALENDAR", ""])),
        dav("MOVE", event.url, headers={"Destination": str(offers.url) + "stolen.ics"}),
    ]:
        assert answer.status_code == 403 and "only-answers" in answer.text, (answer.status_code, answer.text)
    moved = event.icalendar_component
    shifted = answered(event, "ACCEPTED").replace(moved["DTEND"].to_ical().decode(), "20270101T110000Z", 1)
    shifted = shifted.replace(moved["DTSTART"].to_ical().decode(), "20270101T100000Z", 1)
    answer = put(event.url, shifted)
    assert answer.status_code == 403 and "not-offered" in answer.text, (answer.status_code, answer.text)
    assert dav("DELETE", slots.url).status_code == 403
    assert dav("GET", event.url).status_code == 200


def gone(slots, sessions):
    event = slots.events()[0]
    start = event.icalendar_component["DTSTART"].dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    # Somebody else takes it while this client still shows it.
    other = {"name": "Mina", "email": "mina@example.com", "timezone": "Etc/UTC"}
    booked = requests.post(f"{url}/api/v1/teams/{team}/bookings", timeout=10,
                           json={"type": "talk", "start": start, "agenda": "", "guest": other})
    assert booked.status_code == 201, booked.text
    before = uids(sessions)
    answer = put(event.url, answered(event, "ACCEPTED"))
    assert answer.status_code == 403 and "<" in answer.text, (answer.status_code, answer.text)
    assert "slot-taken" in answer.text or "not-offered" in answer.text, answer.text
    answer = dav("MOVE", event.url, headers={"Destination": str(sessions.url) + "late.ics"})
    assert answer.status_code == 403, (answer.status_code, answer.text)
    answer = put(str(sessions.url) + "late.ics", answered(event, "ACCEPTED"))
    assert answer.status_code == 403, (answer.status_code, answer.text)
    assert uids(sessions) == before and str(event.icalendar_component["UID"]) not in uids(slots)


def cancelled_and_again(slots, sessions):
    """A session taken off the calendar is open again under another UID: programs keep what they know of the old one."""
    event = next(event for event in sessions.events() if str(event.url).endswith("moved.ics"))
    uid, start = str(event.icalendar_component["UID"]), event.icalendar_component["DTSTART"].dt
    event.delete()
    assert uid not in uids(sessions)


with caldav.DAVClient(url=f"{url}/dav/", username=email, password=password) as client:
    calendars = {calendar.get_display_name(): calendar for calendar in client.principal().calendars()}
    print("calendars:", sorted(calendars))
    slots, sessions = calendars["Open slots"], calendars["Sessions"]
    own = client.principal().make_calendar(name="Own", cal_id="own")
    accept(slots, sessions, reading(slots))
    move(slots, sessions)
    refused(slots, sessions, own)
    gone(slots, sessions)
    cancelled_and_again(slots, sessions)
print("ok")
