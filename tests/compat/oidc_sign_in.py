"""Signs in through a real OpenID provider in Chromium: oidc_sign_in.py URL ADDRESS STRANGER UNVERIFIED AXE FOLDER"""

import sys

from browser import chromium, waiting
from looking import Look
from selenium.webdriver.common.by import By

url, address, stranger, unverified, axe_file, screenshots = sys.argv[1:]


def through(browser, who):
    """To the provider by the button on our page, as somebody there, and back."""
    find = lambda css: waiting(browser).until(lambda driver: driver.find_element(By.CSS_SELECTOR, css))
    browser.get(url + "/sign-in")
    find("a[href='/sign-in/with/school-account']").click()
    waiting(browser).until(lambda driver: "/interaction/" in driver.current_url)
    find("input[name=login]").send_keys(who)
    find("input[name=password]").send_keys("anything")
    find("button[type=submit]").click()
    # It asks once whether we may know.
    waiting(browser).until(
        lambda driver: driver.current_url.startswith(url) or driver.find_elements(By.CSS_SELECTOR, "input[value=consent]"))
    if not browser.current_url.startswith(url):
        find("button[type=submit]").click()
    waiting(browser).until(lambda driver: driver.current_url.startswith(url))
    return find("main").text


def buttons():
    """The sign-in page with a button for the provider."""
    browser = chromium()
    try:
        sight = Look(browser, axe_file, screenshots)
        browser.get(url + "/sign-in")
        sight.at("sign-in")
        sight.end()
    finally:
        browser.close_all()


buttons()
for who, seen in [(address, "Your time"), (stranger, f"Nobody here is known as {stranger}"),
                  (unverified, "has not verified your mail address")]:
    browser = chromium()
    try:
        text = through(browser, who)
        assert seen in text, (who, text)
        cookies = {cookie["name"]: cookie for cookie in browser.get_cookies()}
        assert ("openhour" in cookies) == (who == address), cookies
        if who == address:
            assert browser.current_url.endswith("/host"), browser.current_url
            assert cookies["openhour"]["httpOnly"], cookies
            came_back = "openhour-oidc" in cookies
            assert not came_back, cookies
        else:
            sight = Look(browser, axe_file, screenshots)
            sight.at("unknown" if who == stranger else "unverified")
            sight.end(expected=("403", "404", "fonts.googleapis.com"))  # the provider's own page asks for a font
    finally:
        browser.close_all()
print("ok")
