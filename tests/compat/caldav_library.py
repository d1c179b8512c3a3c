"""The Python caldav library as a host's calendar program: caldav_library.py URL EMAIL PASSWORD TEAM

Discovers the account, draws a weekly "Available" event, watches the slots come and go, synchronises.
"""

import datetime
import sys

import caldav
import requests

url, email, password, team = sys.argv[1:]
UTC = datetime.timezone.utc


def slots():
    answer = requests.get(f"{url}/api/v1/teams/{team}/slots", timeout=10)
    answer.raise_for_status()
    return [slot["start"] for slot in answer.json()["slots"]]


def stamp(moment):
    return moment.strftime("%Y%m%dT%H%M%SZ")


def weekly(uid, start, hours, summary="Available"):
    return "\r\n".join([
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Example//Test//EN", "BEGIN:VEVENT", f"UID:{uid}",
        "DTSTAMP:20261101T000000Z", f"DTSTART:{stamp(start)}", f"DTEND:{stamp(start + datetime.timedelta(hours=hours))}",
        "RRULE:FREQ=WEEKLY", f"SUMMARY:{summary}", "END:VEVENT", "END:VCALENDAR", "",
    ])


def discover(client):
    """From the address that the server's person was given."""
    principal = client.principal()
    calendars = {calendar.get_display_name(): calendar for calendar in principal.calendars()}
    print("calendars:", sorted(calendars))
    assert "Available" in calendars and "Sessions" in calendars, calendars
    return principal, calendars["Available"]


def draw_and_change(offers, start):
    assert slots() == [], "nothing is open before"
    event = offers.save_event(weekly("drawn@example.org", start, 2))
    open_now = slots()
    assert len(open_now) in (6, 8), f"two hours a week over four weeks, found {open_now}"
    assert open_now[0] == start.strftime("%Y-%m-%dT%H:%M:%SZ"), open_now[0]

    found = offers.search(start=start, end=start + datetime.timedelta(days=1), event=True, expand=False)
    assert [item.icalendar_component["UID"] for item in found] == ["drawn@example.org"], found
    nothing = offers.search(
        start=start + datetime.timedelta(hours=3), end=start + datetime.timedelta(hours=4), event=True, expand=False)
    assert nothing == [], nothing
    expanded = offers.search(start=start, end=start + datetime.timedelta(days=15), event=True, expand=True)
    assert len(expanded) == 3, f"three Mondays expected, found {len(expanded)}"

    event.data = weekly("drawn@example.org", start, 1)
    event.save()
    assert len(slots()) == len(open_now) // 2, "one hour a week now"
    return event


def synchronise(offers, event, start):
    before = offers.objects_by_sync_token(load_objects=True)
    assert len(list(before)) == 1, list(before)
    offers.save_event(weekly("second@example.org", start + datetime.timedelta(days=1), 1))
    changed = offers.objects_by_sync_token(before.sync_token, load_objects=False)
    assert len(list(changed)) == 1, [str(item.url) for item in changed]
    event.delete()
    updated, deleted = before.sync()
    assert len(list(updated)) == 1 and len(list(deleted)) == 1, (updated, deleted)


def own_calendar(principal, start):
    calendar = principal.make_calendar(name="Büro & Garten", cal_id="office")
    assert calendar.get_display_name() == "Büro & Garten", calendar.get_display_name()
    calendar.save_event(weekly("office@example.org", start + datetime.timedelta(days=2), 1))
    assert any(moment.startswith((start + datetime.timedelta(days=2)).strftime("%Y-%m-%d")) for moment in slots()), \
        "an offer counts from any calendar of the host"
    calendar.delete()
    assert "Büro & Garten" not in [other.get_display_name() for other in principal.calendars()]


def refusals(offers):
    for wrong in ["BEGIN:VCALENDAR\r\nnonsense", weekly("x@example.org", datetime.datetime(2027, 1, 1, tzinfo=UTC), 1)
                  .replace("VERSION:2.0", "VERSION:2.0\r\nMETHOD:REQUEST")]:
        answer = requests.put(f"{offers.url}wrong.ics", data=wrong.encode(), auth=(email, password), timeout=10,
                              headers={"Content-Type": "text/calendar"})
        assert answer.status_code == 403 and "valid-calendar" in answer.text, (answer.status_code, answer.text)
    answer = requests.request("PROPFIND", f"{offers.url}", auth=(email, "wrong"), timeout=10)
    assert answer.status_code == 401 and answer.headers["WWW-Authenticate"].startswith("Basic"), answer.headers


tomorrow = datetime.datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0) + datetime.timedelta(days=3)
with caldav.DAVClient(url=f"{url}/dav/", username=email, password=password) as client:
    principal, offers = discover(client)
    event = draw_and_change(offers, tomorrow)
    synchronise(offers, event, tomorrow)
    own_calendar(principal, tomorrow)
    refusals(offers)
print("ok")
