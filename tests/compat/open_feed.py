"""A calendar program that subscribes to the open slots: open_feed.py URL TEAM COUNT

COUNT is how many events there must be.
"""

import sys

import icalendar
import requests

url, team, count = sys.argv[1:]
address = f"{url}/teams/{team}/open.ics"

answer = requests.get(address, timeout=10)
assert answer.status_code == 200, (answer.status_code, answer.text)
assert answer.headers["Content-Type"].lower().replace(" ", "") == "text/calendar;charset=utf-8", answer.headers
body = answer.content
assert b"\n" not in body.replace(b"\r\n", b"") and all(len(line) <= 75 for line in body.split(b"\r\n")), "lines"

calendar = icalendar.Calendar.from_ical(body)
assert str(calendar["METHOD"]) == "PUBLISH" and calendar["X-WR-CALNAME"] and calendar["NAME"]
assert calendar["REFRESH-INTERVAL"] and calendar["X-PUBLISHED-TTL"]
events = list(calendar.walk("VEVENT"))
assert len(events) == int(count), f"{len(events)} events, not {count}"
assert len({str(event["UID"]) for event in events}) == len(events), "one UID each"
for event in events:
    assert not event.errors, event.errors
    assert "ATTENDEE" not in event and "ORGANIZER" not in event, event
    assert str(event["TRANSP"]) == "TRANSPARENT", event
    assert str(event["URL"]).startswith(f"{url}/book/{team}/"), event["URL"]
    assert str(event["DESCRIPTION"]).split("\n")[0] == str(event["URL"]), event["DESCRIPTION"]
    page = requests.get(str(event["URL"]), timeout=10)
    assert page.status_code == 200, (event["URL"], page.status_code)

tag, modified = answer.headers["ETag"], answer.headers["Last-Modified"]
assert tag.startswith('"'), f"a strong ETag, not {tag}"
assert requests.get(address, timeout=10).content == body, "the bytes stand still while nothing changes"
for headers in [{"If-None-Match": tag}, {"If-Modified-Since": modified}]:
    repeated = requests.get(address, headers=headers, timeout=10)
    assert repeated.status_code == 304 and repeated.content == b"", (headers, repeated.status_code)
print("ok")
