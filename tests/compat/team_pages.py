"""Signed in as an administrator, a team's settings, session types and members as everybody may meet them, and the booking
form of a type that asks much: team_pages.py URL TEAM SIGN_IN_LINK AXE FOLDER

AXE is axe-core's file; FOLDER gets a screenshot of each page, phone and desktop, light and dark.
"""

import sys

from browser import chromium, waiting
from looking import Look
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

url, team, link, axe_file, screenshots = sys.argv[1:]
browser = chromium()
sight = Look(browser, axe_file, screenshots)


def find(css):
    return waiting(browser).until(lambda driver: driver.find_element(By.CSS_SELECTOR, css))


def visit(name, path):
    browser.get(url + path)
    sight.at(name)


def write(css, text):
    field = find(css)
    field.clear()
    field.send_keys(text)


def send(button="main form button[type=submit]"):
    """Without the browser's own look at the fields: the server's answer is what is looked at."""
    browser.execute_script("document.querySelectorAll('form').forEach(form => form.noValidate = true)")
    browser.execute_script("arguments[0].click()", find(button))


def arrived(part):
    waiting(browser).until(lambda driver: part in driver.current_url)


def settings():
    visit("5-settings", f"/lead/{team}/settings")
    visit("5-settings-german", f"/lead/{team}/settings?lang=de")
    write("#notice", "soon")
    send()
    assert "soon" == find("#notice[aria-invalid]").get_attribute("value")
    sight.at("5-settings-wrong")


def types():
    visit("6-types", f"/lead/{team}/types")
    visit("6-type-new", f"/lead/{team}/new-type?lang=de")
    browser.get(f"{url}/lead/{team}/types/talk")
    Select(find("#place")).select_by_value("address")
    Select(find("#phone")).select_by_value("required")
    write("#place_detail", "12 Elm Street, Graz")
    write("#color", "#0d655b")
    write("#q0", "Which language?")
    Select(find("#q0-kind")).select_by_value("choice")
    write("#q0-options", "Rust")
    send()
    find("[role=alert] a[href='#questions']")
    sight.at("6-type-wrong")
    write("#q0-options", "Rust\nGo")
    browser.execute_script("arguments[0].click()", find("#q0-required"))
    write("#q1", "Anything we should know?")
    Select(find("#q1-kind")).select_by_value("long")
    send()
    arrived("done=saved")
    sight.at("6-type-saved")
    assert find("#q3"), "two free rows more"
    browser.get(f"{url}/book/{team}/talk")
    browser.get(find(".slots a[href*='Z']").get_attribute("href"))
    sight.at("7-form")
    write("#name", "Mia Example")
    write("#email", "mia@example.com")
    send("form[data-slot] button")
    find("[role=alert] a[href='#phone']")
    sight.at("7-form-wrong")
    write("#phone", "+49 30 123456")
    Select(find("#q0")).select_by_value("Go")
    send("main form button")
    arrived("/b/")
    assert "12 Elm Street" in find(".facts").text
    sight.at("7-booked")


def members():
    visit("8-members", f"/lead/{team}/members")
    write("#email", "nobody")
    send("form.card button")
    find("#email[aria-invalid]")
    sight.at("8-members-wrong")
    browser.get(find(".cards a[href*='/members/']").get_attribute("href"))
    sight.at("8-member")
    send("button[value=leave]")
    find("[role=alert]")
    sight.at("8-member-decide")


try:
    browser.get(link)
    find("main form button").click()
    waiting(browser).until(lambda driver: "/sign-in/" not in driver.current_url)
    settings()
    types()
    members()
    sight.end()
    print("ok")
finally:
    browser.close_all()
