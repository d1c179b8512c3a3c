"""Every letter as its reader sees it, by axe, on phones and desktops, light and dark: mail_letters.py URL AXE FOLDER

URL is a demo in which somebody was reminded; AXE is axe-core's file; FOLDER gets screenshots.
"""

import email
import email.policy
import pathlib
import re
import sys
import tempfile
import time

import requests

from browser import chromium
from looking import Look

url, axe_file, screenshots = sys.argv[1:]
AXE = """
  const done = arguments[arguments.length - 1];
  axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations']})
     .then(found => done(found.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html.slice(0, 160)).join(' | '))));
"""
# Every letter is looked at; of these there are pictures.
PICTURES = ["booked-guest", "booked-host", "group-host", "cancelled-guest", "proposal-to-host", "reminder-guest", "robot-accepted", "sign-in"]
browser = chromium()
sight = Look(browser, axe_file, screenshots)
folder = pathlib.Path(tempfile.mkdtemp(prefix="openhour-letters-"))


def get(path):
    answer = requests.get(url + path, timeout=10)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer


def message(path):
    return email.message_from_bytes(get(path + "/raw").content, policy=email.policy.default)


def read(language, name):
    """The letter alone, as a mail program shows it: no headers, no frame, no script."""
    letter = message(f"/mail/samples/{language}/{name}")
    html = letter.get_body(("html",)).get_content()
    assert f'<html lang="{language}">' in html and "<script" not in html and "<img" not in html, name
    file = folder / f"{language}-{name}.html"
    file.write_text(html, encoding="utf-8")
    browser.get(file.as_uri())
    browser.execute_script(sight.axe)
    for scheme in ["light", "dark"]:
        for width in [1280, 390]:
            sight.screen(width, ("prefers-color-scheme", scheme))
            if name in PICTURES:
                sight.picture(f"{language}-{name}-{width}-{scheme}")
                sight.screen(width, ("prefers-color-scheme", scheme))
        for found in browser.execute_async_script(AXE):
            sight.check(f"{language} {name}", False, f"axe, {scheme}: {found}")
    sight.screen(320)
    sight.check(f"{language} {name}", sight.wide() <= 320, f"{sight.wide()} wide on a screen of 320")


def reminder():
    """The page under a reminder that really went out."""
    for _ in range(200):
        found = re.search(r'href="(/mail/\d+)[^"]*">Soon: ', get("/mail").text)
        if found:
            break
        time.sleep(0.1)
    address = message(found.group(1))["List-Unsubscribe"].strip("<>")
    browser.get(address)
    sight.at("unsubscribe")
    browser.get(address + "?lang=de")
    browser.find_element("css selector", "button[name=reminders]").click()
    assert "Wieder erinnern" in browser.page_source
    sight.at("unsubscribed-german")


try:
    reminder()
    browser.get(url + "/mail/samples")
    sight.at("samples")
    browser.get(url + "/mail/samples/de/booked-guest")
    sight.at("sample")
    samples = sorted(set(re.findall(r"/mail/samples/(\w\w)/([a-z-]+)", get("/mail/samples").text)))
    assert len(samples) >= 56, samples
    for language, name in samples:
        read(language, name)
    sight.end()
    print("ok")
finally:
    browser.close_all()
