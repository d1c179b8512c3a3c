"""What came by mail in somebody's name, as everybody may meet it: asked_pages.py URL OWN JOINING AXE FOLDER

OWN and JOINING are the paths of a host's event and of a stranger's; AXE is axe-core's file; FOLDER gets a screenshot of each
page, phone and desktop, light and dark.
"""

import sys

from browser import chromium, waiting
from looking import Look
from selenium.webdriver.common.by import By

url, own, joining, axe_file, screenshots = sys.argv[1:]
browser = chromium()
sight = Look(browser, axe_file, screenshots)


def find(css):
    return waiting(browser).until(lambda driver: driver.find_element(By.CSS_SELECTOR, css))


def says(text):
    waiting(browser).until(
        lambda driver: text in driver.find_element(By.CSS_SELECTOR, "main").text)


try:
    browser.get(url + own + "?lang=de")
    sight.at("1-own-german")
    browser.get(url + own)
    sight.at("2-own")
    find("main form button").click()
    says("Done")
    sight.at("3-done")
    browser.get(url + own)
    assert "Page not found" in browser.title or "not" in find("h1").text, browser.title
    browser.get(url + joining)
    sight.at("4-join")
    # A browser insists on a choice; a form sent without it is asked for it.
    browser.execute_script("document.querySelectorAll('input[type=radio]').forEach(i => i.required = false)")
    find("main form button").click()
    says("Please choose a team.")
    sight.at("5-no-team")
    find("input[type=radio]").click()
    find("main form button").click()
    says("Welcome")
    sight.at("6-joined")
    sight.end()
finally:
    browser.close_all()
