"""Reads kept mails with an independent mail and iCalendar parser: mails.py FOLDER

Prints one JSON list with what a calendar program would see in each mail. Fails when one is not a well-formed invite.
"""

import email
import email.policy
import json
import pathlib
import sys

import icalendar
import vobject


def one(values, what, name):
    values = list(values)
    assert len(values) == 1, f"{name}: {len(values)} times {what}"
    return values[0]


def address(value):
    text = str(value)
    assert text.lower().startswith("mailto:"), text
    return text[len("mailto:"):]


def invite(name, message):
    """The event of an invite: what RFC 6047 and the big calendar programs ask of its shape, then its values."""
    assert message.get_content_type() == "multipart/mixed", (name, message.get_content_type())
    first, *attached = list(message.iter_parts())
    assert first.get_content_type() == "multipart/alternative", (name, first.get_content_type())
    kinds = [part.get_content_type() for part in first.iter_parts()]
    assert kinds == ["text/plain", "text/html", "text/calendar"], (name, kinds)
    part = list(first.iter_parts())[-1]
    body = part.get_payload(decode=True)
    copy = one(attached, "attachment", name)
    assert copy.get_content_type() == "application/ics" and copy.get_filename() == "invite.ics", name
    assert copy.get_payload(decode=True) == body, f"{name}: the two calendar parts differ"
    assert b"\n" not in body.replace(b"\r\n", b""), f"{name}: bare line feed"
    assert all(len(line) <= 75 for line in body.split(b"\r\n")), f"{name}: a line is longer than 75 octets"
    calendar = icalendar.Calendar.from_ical(body)
    method = str(calendar["METHOD"])
    assert part.get_param("method") == method, (name, part.get_param("method"), method)
    assert str(part.get_content_charset()).lower() == "utf-8", name
    event = one(calendar.walk("VEVENT"), "VEVENT", name)
    assert not event.errors, (name, event.errors)
    attendees = several(event, "ATTENDEE")
    rules(name, method, calendar, event)
    another_reading(name, body, calendar, event)
    return {
        "method": method,
        "uid": str(event["UID"]),
        "sequence": int(event.get("SEQUENCE", 0)),
        "status": str(event.get("STATUS", "")),
        "start": event.decoded("DTSTART").isoformat(),
        "end": event.decoded("DTEND").isoformat(),
        "stamp": event.decoded("DTSTAMP").isoformat(),
        "summary": str(event.get("SUMMARY", "")),
        "location": str(event.get("LOCATION", "")),
        "description": str(event.get("DESCRIPTION", "")),
        "organizer": address(event["ORGANIZER"]),
        "attendees": [address(attendee) for attendee in attendees],
        "alarms": len(list(event.walk("VALARM"))),
    }


def several(event, key):
    values = event.get(key, [])
    return values if isinstance(values, list) else [values]


def rules(name, method, calendar, event):
    """What RFC 5546 §3.2 wants of each method that we send, and RFC 5545 of every object."""
    for key in ("PRODID", "VERSION", "METHOD"):
        assert len(several(calendar, key)) == 1, f"{name}: {key}"
    for key in ("UID", "DTSTAMP", "ORGANIZER"):
        assert len(several(event, key)) == 1, f"{name}: {key}"
    for key in ("SEQUENCE", "STATUS", "SUMMARY", "DTSTART", "DTEND", "DESCRIPTION", "LOCATION", "URL", "LAST-MODIFIED"):
        assert len(several(event, key)) <= 1, f"{name}: {key} stands more than once"
    attendees = several(event, "ATTENDEE")
    assert event.decoded("DTSTAMP").tzinfo is not None, f"{name}: DTSTAMP is in UTC"
    if method == "REQUEST":
        assert attendees and all(key in event for key in ("DTSTART", "SUMMARY", "SEQUENCE")), name
        # Who has said yes already is not asked again.
        assert all(who.params.get("RSVP") == "TRUE" or who.params["PARTSTAT"] == "ACCEPTED" for who in attendees), name
        return
    assert not list(event.walk("VALARM")), f"{name}: no alarms in {method}"
    assert "SEQUENCE" in event, f"{name}: {method} says which event it is about"
    if method == "CANCEL":
        assert str(event["STATUS"]) == "CANCELLED" and int(event["SEQUENCE"]) > 0, name
    elif method == "REPLY":
        answer = one(attendees, "ATTENDEE", name)
        assert answer.params["PARTSTAT"] in ("ACCEPTED", "DECLINED", "TENTATIVE"), name
    else:
        assert method == "DECLINECOUNTER" and attendees, (name, method)


def another_reading(name, body, calendar, event):
    """A second parser finds the same."""
    found = vobject.readOne(body.decode("utf-8"))
    other = one(found.vevent_list, "VEVENT", name)
    assert found.method.value == str(calendar["METHOD"]), name
    assert other.uid.value == str(event["UID"]), name
    assert other.dtstart.value == event.decoded("DTSTART"), (name, other.dtstart.value)
    assert other.summary.value == str(event["SUMMARY"]), name
    description = getattr(other, "description", None)
    assert (description.value if description else "") == str(event.get("DESCRIPTION", "")), name
    organizer = other.organizer.value
    assert organizer.lower() == str(event["ORGANIZER"]).lower(), name


def headers(name, message):
    """RFC 5322 and 8058: what every mail has once, and what belongs together."""
    for key in ("Message-ID", "Date", "From", "To", "Subject", "MIME-Version"):
        assert len(message.get_all(key, [])) == 1, f"{name}: {key}"
    assert not message.defects, (name, message.defects)
    assert message["Date"].datetime.tzinfo is not None, name
    if message["List-Unsubscribe"]:
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click", name
        assert str(message["List-Unsubscribe"]).startswith("<http"), name
    reply = any(part.get_param("method") == "REPLY" for part in message.walk())
    assert str(message["Auto-Submitted"]) == ("auto-replied" if reply else "auto-generated"), name


def mail(path):
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    headers(path.name, message)
    raw = path.read_bytes().split(b"\r\n")
    assert all(len(line) <= 998 for line in raw), f"{path.name}: RFC 5322 §2.1.1"
    calendars = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    return {
        "file": path.name,
        "unsubscribe": str(message["List-Unsubscribe"] or ""),
        "message_id": str(message["Message-ID"]),
        "from": message["From"].addresses[0].addr_spec,
        "to": [address.addr_spec for address in message["To"].addresses],
        "envelope_to": [str(value) for value in message.get_all("X-Envelope-To", [])],
        "subject": str(message["Subject"]),
        "text": next((part.get_content() for part in message.walk() if part.get_content_type() == "text/plain"), ""),
        "invite": invite(path.name, message) if calendars else None,
    }


print(json.dumps([mail(path) for path in sorted(pathlib.Path(sys.argv[1]).glob("*.eml"))]))
