"""Signed in as an administrator, the pages about people, teams and the server, and a team's bookings, as everybody may meet
them: administration.py URL TEAM SIGN_IN_LINK AXE FOLDER

AXE is axe-core's file; FOLDER gets a screenshot of each page, phone and desktop, light and dark.
"""

import sys

from browser import chromium, waiting
from looking import Look
from selenium.webdriver.common.by import By

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


try:
    browser.get(link)
    find("main form button").click()
    waiting(browser).until(lambda driver: "/sign-in/" not in driver.current_url)
    visit("1-admin", "/admin")
    visit("2-people", "/admin/people")
    visit("2-people-german", "/admin/people?lang=de")
    write("#email", "nobody")
    send("#add button")
    find("#email[aria-invalid]")
    sight.at("2-people-wrong")
    browser.get(find(".cards a[href*='/people/']").get_attribute("href"))
    sight.at("2-person")
    visit("3-log", "/admin/log")
    visit("3-outgoing", "/admin/outgoing")
    visit("3-teams", "/admin/teams")
    visit("3-server", "/admin/server")
    visit("3-server-german", "/admin/server?lang=de")
    visit("4-sessions", f"/lead/{team}")
    browser.get(find(".cards a").get_attribute("href"))
    sight.at("4-booking")
    sight.end()
    print("ok")
finally:
    browser.close_all()
