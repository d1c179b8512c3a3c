"""vdirsyncer keeps a folder and the account alike: vdirsyncer_both_ways.py URL EMAIL PASSWORD FOLDER"""

import datetime
import pathlib
import subprocess
import sys

import requests

url, email, password, folder = sys.argv[1:]
folder = pathlib.Path(folder)
calendars = folder / "calendars"
config = folder / "config"
vdirsyncer = pathlib.Path(sys.executable).parent / "vdirsyncer"

config.write_text(f"""
[general]
status_path = "{folder}/status/"
[pair both]
a = "here"
b = "there"
collections = ["from b"]
metadata = ["displayname", "color"]
[storage here]
type = "filesystem"
path = "{calendars}/"
fileext = ".ics"
[storage there]
type = "caldav"
url = "{url}/"
username = "{email}"
password = "{password}"
""")


def run(*arguments):
    done = subprocess.run([vdirsyncer, "-c", config, *arguments], input="y\n" * 9, text=True, capture_output=True,
                          timeout=60)
    print(done.stdout, done.stderr)
    assert done.returncode == 0, (arguments, done.returncode)


def event(uid, summary, days):
    start = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)).strftime("%Y%m%dT090000Z")
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Example//Test//EN", "BEGIN:VEVENT", f"UID:{uid}",
                        "DTSTAMP:20261101T000000Z", f"DTSTART:{start}", "DURATION:PT1H", f"SUMMARY:{summary}",
                        "END:VEVENT", "END:VCALENDAR", ""])


def remote(name, method="GET", **more):
    answer = requests.request(method, f"{url}/dav/calendars/{email}/offers/{name}", auth=(email, password), timeout=10,
                              **more)
    return answer


def names():
    """What is in the calendar on the server."""
    listed = remote("", "PROPFIND", headers={"Depth": "1"})
    assert listed.status_code == 207, listed.text
    return [href.split("<")[0].rsplit("/", 1)[1] for href in listed.text.split("href>") if ".ics" in href]


run("discover", "both")
run("sync")
offers = calendars / "offers"
assert offers.is_dir(), list(calendars.iterdir())

# Drawn here, it is there.
(offers / "mine.ics").write_text(event("mine@example.org", "Available", 4), newline="")
run("sync")
[name] = names()
assert "UID:mine@example.org" in remote(name).text

# Changed and added there, it is here.
answer = remote(name, "PUT", data=event("mine@example.org", "Available: talk", 5).encode(),
                headers={"Content-Type": "text/calendar"})
assert answer.status_code == 204, (answer.status_code, answer.text)
answer = remote("theirs.ics", "PUT", data=event("theirs@example.org", "Dentist", 6).encode(),
                headers={"Content-Type": "text/calendar", "If-None-Match": "*"})
assert answer.status_code == 201, (answer.status_code, answer.text)
run("sync")
assert "Available: talk" in (offers / "mine.ics").read_text()
assert len(list(offers.glob("*.ics"))) == 2

# Deleted on either side, it is gone on the other.
(offers / "mine.ics").unlink()
assert remote("theirs.ics", "DELETE").status_code == 204
run("sync")
assert names() == []
assert list(offers.glob("*.ics")) == []
run("sync")
print("ok")
