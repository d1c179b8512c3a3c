"""One's own picture and mail address as everybody may meet them: profile_pages.py URL SIGN_IN_LINK AXE FOLDER [PATH]

PATH is where the link leads that was mailed to a new address; without it, one is asked for. AXE is axe-core's file; FOLDER
gets a screenshot of each page, phone and desktop, light and dark.
"""

import pathlib
import struct
import sys
import zlib

from browser import chromium, waiting
from looking import Look
from selenium.webdriver.common.by import By

url, link, axe_file, screenshots, *path = sys.argv[1:]
browser = chromium()
sight = Look(browser, axe_file, screenshots)


def find(css):
    return waiting(browser).until(lambda driver: driver.find_element(By.CSS_SELECTOR, css))


def said(words):
    waiting(browser).until(lambda driver: words in driver.find_element(By.CSS_SELECTOR, "main").text)


def send(css):
    """Without the browser's own look at the fields: the server's answer is what is looked at."""
    browser.execute_script("document.querySelectorAll('form').forEach(form => form.noValidate = true)")
    browser.execute_script("arguments[0].click()", find(css))


def png(side=320):
    """A picture: a disc on a slope of colours."""
    def row(y):
        inside = [(x - side / 2) ** 2 + (y - side / 2) ** 2 < (side / 3) ** 2 for x in range(side)]
        return b"\0" + b"".join(bytes((240, 200, 90) if disc else (30, 90 + y * 120 // side, 140)) for disc in inside)

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = zlib.compress(b"".join(row(y) for y in range(side)))
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def picture():
    folder = pathlib.Path(screenshots)
    (folder / "me.txt").write_text("no picture")
    (folder / "me.png").write_bytes(png())
    browser.get(f"{url}/profile")
    find("#picture").send_keys(str(folder / "me.txt"))
    send("#picture-of-you button")
    said("cannot be read as a picture")
    sight.at("1-picture-wrong")
    find("#picture").send_keys(str(folder / "me.png"))
    send("#picture-of-you button")
    said("Your picture is saved")
    assert browser.execute_script("return document.querySelector('img.face').naturalWidth") > 0, "it is shown"
    sight.at("2-picture")


def address():
    browser.get(f"{url}/profile?lang=de")
    sight.at("3-profile-german")
    browser.get(f"{url}/profile")
    find("#email").send_keys("ana at example")
    send("form[action^='/profile/address'] button")
    find("#email[aria-invalid]")
    sight.at("4-address-wrong")
    find("#email").clear()
    find("#email").send_keys("ana.silva@example.net")
    send("form[action^='/profile/address'] button")
    said("on its way to ana.silva@example.net")
    sight.at("5-address-asked")
    browser.get(f"{url}/profile/address/nothing")
    sight.at("6-address-spent")


def new_address():
    browser.get(f"{url}{path[0]}?lang=de")
    sight.at("7-address-link-german")
    browser.get(url + path[0])
    sight.at("7-address-link")
    send("main form button")
    said("Your address is changed")
    assert "ana.silva@example.net" in find("main").text
    sight.at("8-address-changed")


try:
    browser.get(link)
    find("main form button").click()
    waiting(browser).until(lambda driver: "/sign-in/" not in driver.current_url)
    if path:
        new_address()
    else:
        picture()
        address()
    sight.end()
    print("ok")
finally:
    browser.close_all()
