"""Reads kept mails with an independent mail and iCalendar parser: mails.py FOLDER

Prints one JSON list with what a calendar program would see in each mail. Fails when one is not a well-formed invite.
"""

import email
import email.policy
import json
import pathlib
import sys

import icalendar


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
    attendees = event.get("ATTENDEE", [])
    attendees = attendees if isinstance(attendees, list) else [attendees]
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


def mail(path):
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    calendars = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    return {
        "file": path.name,
        "message_id": str(message["Message-ID"]),
        "from": message["From"].addresses[0].addr_spec,
        "to": [address.addr_spec for address in message["To"].addresses],
        "envelope_to": [str(value) for value in message.get_all("X-Envelope-To", [])],
        "subject": str(message["Subject"]),
        "text": next((part.get_content() for part in message.walk() if part.get_content_type() == "text/plain"), ""),
        "invite": invite(path.name, message) if calendars else None,
    }


print(json.dumps([mail(path) for path in sorted(pathlib.Path(sys.argv[1]).glob("*.eml"))]))
