"""Signed in, what a host does with their time as everybody may meet it: host_pages.py URL SIGN_IN_LINK AXE FOLDER

Offers, working hours, vacation, rules, why an hour is not offered, and a guest's page. AXE is axe-core's file; FOLDER gets a
screenshot of each page, phone and desktop, light and dark.
"""

import sys

from browser import chromium, waiting
from looking import Look
from selenium.webdriver.common.by import By

url, link, axe_file, screenshots = sys.argv[1:]
browser = chromium()
sight = Look(browser, axe_file, screenshots)


def find(css):
    return waiting(browser).until(lambda driver: driver.find_element(By.CSS_SELECTOR, css))


def visit(name, path):
    browser.get(url + path)
    sight.at(name)


def arrived(part):
    waiting(browser).until(lambda driver: part in driver.current_url)


def fill(form, days, **fields):
    """The fields of this form, `days` the fields that are so many days from now; what the browser checks is left to us."""
    find(f"form[action='{form}'] button")
    browser.execute_script(
        "const f = document.querySelector(`form[action='${arguments[0]}']`); f.noValidate = true;"
        "for (const [name, days] of Object.entries(arguments[1]))"
        "  f.elements[name].value = new Date(Date.now() + days * 864e5).toISOString().slice(0, 10);"
        "for (const [name, value] of Object.entries(arguments[2])) f.elements[name].value = value;", form, days, fields)


def press(form):
    browser.execute_script("arguments[0].click()", find(f"form[action='{form}'] button[type=submit], form[action='{form}'] button"))


def offers():
    visit("2-offers", "/host/offers")
    fill("/host/offers", {"date": -2}, starts="06:00", ends="07:30")
    press("/host/offers")
    find("[aria-invalid]")
    sight.at("2-offers-wrong")
    browser.get(url + "/host/offers")
    fill("/host/offers", {"date": 20}, starts="06:00", ends="07:30", repeat="weekly")
    press("/host/offers")
    arrived("done=added")
    sight.at("2-offers-added")
    offer = browser.find_elements(By.CSS_SELECTOR, "main a[href*='/host/offers/']")[-1].get_attribute("href")
    browser.get(offer)
    sight.at("2-offer")
    browser.get(offer + ("&" if "?" in offer else "?") + "lang=de")
    sight.at("2-offer-german")


def vacation():
    visit("4-vacation", "/host/vacation")
    fill("/host/vacation", {"first": 30, "last": 20})
    press("/host/vacation")
    find("[aria-invalid]")
    sight.at("4-vacation-wrong")
    fill("/host/vacation", {"first": 30, "last": 40})
    press("/host/vacation")
    arrived("done=")
    sight.at("4-vacation-added")


try:
    browser.get(link)
    find("main form button").click()
    waiting(browser).until(lambda driver: "/sign-in/" not in driver.current_url)
    visit("1-host", "/host")
    visit("1-host-german", "/host?lang=de")
    offers()
    visit("3-hours", "/host/hours")
    browser.execute_script(
        "const f = document.querySelector(\"form[action='/host/hours/day'] #date\").form;"
        "f.date.value = new Date(Date.now() + 30 * 864e5).toISOString().slice(0, 10); f.hours.value = 'ten'"
    )
    find("form[action='/host/hours/day'] button:not(.link)").click()
    waiting(browser).until(lambda driver: driver.find_elements(By.ID, "hours-wrong"))
    sight.at("2-host-hours-day-wrong")
    find("#hours").clear()
    find("#hours").send_keys("10-12, 14-15")
    find("form[action='/host/hours/day'] button:not(.link)").click()
    waiting(browser).until(lambda driver: "done=saved" in driver.current_url)
    visit("2-host-hours-day", "/host/hours")
    visit("3-hours-german", "/host/hours?lang=de")
    vacation()
    visit("5-rules", "/host/rules")
    visit("5-rules-german", "/host/rules?lang=de")
    visit("6-why", "/host/why")
    visit("6-why-german", "/host/why?lang=de")
    visit("7-guest", "/guest")
    sight.end()
    print("ok")
finally:
    browser.close_all()
