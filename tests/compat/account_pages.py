"""Signed in, the pages of one's own account as everybody may meet them: account_pages.py URL SIGN_IN_LINK AXE FOLDER

Sign-in, profile, browsers, password, one's own data, tokens, calendars and the guides to set up. AXE is axe-core's file; FOLDER
gets a screenshot of each page, phone and desktop, light and dark.
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


try:
    browser.get(link)
    sight.at("1-sign-in")
    find("main form button").click()
    waiting(browser).until(lambda driver: "/sign-in/" not in driver.current_url)
    visit("2-profile", "/profile")
    visit("2-profile-german", "/profile?lang=de")
    visit("3-browsers", "/browsers")
    visit("4-password", "/password")
    visit("4-password-german", "/password?lang=de")
    find("#password").send_keys("password123")
    find("main form button").click()
    waiting(browser).until(lambda driver: "strangers try" in driver.page_source or "Fremde" in driver.page_source)
    sight.at("4-password-wrong")
    find("#password").send_keys("drei Äpfel im Korb")
    find("main form button").click()
    waiting(browser).until(lambda driver: "done=set" in driver.current_url)
    sight.at("4-password-set")
    visit("5-your-data", "/your-data")
    visit("5-your-data-german", "/your-data?lang=de")
    find("#address").send_keys("nobody@example.org")
    find("form[action*='/your-data/erase'] button").click()
    waiting(browser).until(lambda driver: driver.find_elements(By.CSS_SELECTOR, "#address-wrong"))
    sight.at("5-your-data-wrong")
    visit("6-api-tokens", "/api-tokens")
    find("#label").send_keys("Weekly report")
    find("main form button").click()
    waiting(browser).until(lambda driver: "openhour_" in driver.page_source)
    sight.at("6-api-token-made")
    visit("6-api-tokens-german", "/api-tokens?lang=de")
    visit("7-set-up", "/setup")
    guides = [one.get_attribute("href") for one in browser.find_elements(By.CSS_SELECTOR, "main a[href*='/setup/']")]
    assert len(guides) >= 5, guides
    for guide in guides:
        device = guide.rsplit("/", 1)[1]
        visit(f"7-set-up-{device}", f"/setup/{device}")
    visit("7-set-up-german", "/setup/iphone?lang=de")
    visit("8-calendars", "/calendars")
    find("#address").send_keys("http://calendar.example.org/basic.ics")
    find("form[action^='/calendars'] button").click()
    find("#address-wrong")
    sight.at("8-calendars-wrong")
    find("#address").clear()
    find("#address").send_keys("https://no-such-host.invalid/basic.ics")
    find("#address").submit()
    waiting(browser, 20).until(lambda driver: "no-such-host.invalid" in find("main ul.cards").text)
    sight.at("8-calendars-failing")
    visit("8-calendars-failing-german", "/calendars?lang=de")
    browser.get(url + "/host")
    browser.execute_script("document.querySelectorAll('details').forEach(d => d.open = true)")
    find("form[action='/app-passwords'] input[type=text]").send_keys("Phone")
    find("form[action='/app-passwords'] button").click()
    waiting(browser).until(lambda driver: "code" in driver.page_source)
    sight.at("9-app-password")
    sight.end()
    print("ok")
finally:
    browser.close_all()
