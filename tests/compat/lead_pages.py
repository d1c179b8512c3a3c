"""A team's bookings as its lead, and a request as its host, may meet them: lead_pages.py URL LEAD_LINK HOST_LINK
GUEST_LINK AXE FOLDER

The team "mentoring" has one booking that waits for a yes; its guest was not asked what the type wants to know. AXE is axe-core's file; FOLDER gets a screenshot of each page,
phone and desktop, light and dark.
"""

import sys

from browser import chromium, waiting
from looking import Look
from selenium.webdriver.common.by import By

url, lead_link, host_link, guest_link, axe_file, screenshots = sys.argv[1:]
browser = chromium()
sight = Look(browser, axe_file, screenshots)


def find(css):
    return waiting(browser).until(lambda driver: driver.find_element(By.CSS_SELECTOR, css))


def visit(name, path):
    browser.get(url + path)
    sight.at(name)


def sign_in(link):
    browser.get(link)
    find("main form button").click()
    waiting(browser).until(lambda driver: "/sign-in/" not in driver.current_url)


def opened(css):
    browser.execute_script("document.querySelectorAll('details').forEach(d => d.open = true)")
    return find(css)


def said(words):
    waiting(browser).until(lambda driver: words in driver.page_source)


try:
    browser.get(guest_link + "?lang=de")
    said("Bitte noch beantworten")
    sight.at("0-guest-is-asked-questions-german")
    browser.get(guest_link)
    browser.execute_script("document.querySelectorAll('form').forEach(form => form.noValidate = true)")
    find("#q0").send_keys("Rust")
    find("form[action$='/answers'] button").click()
    said("telephone")
    sight.at("0-guest-forgot-one")
    find("#phone").send_keys("+49 30 123456")
    find("form[action$='/answers'] button").click()
    said("Change your answers")
    sight.at("0-guest-has-answered")

    sign_in(host_link)
    browser.get(url + "/host")
    find("main ul.cards a[href*='/b/']").click()
    said("asks for this time")
    sight.at("1-host-is-asked")
    browser.get(browser.current_url.split("?")[0] + "?lang=de")
    sight.at("1-host-is-asked-german")
    find("form[action='/sign-out'] button").click() if browser.find_elements(By.CSS_SELECTOR, "form[action='/sign-out']") else None
    browser.delete_all_cookies()

    sign_in(lead_link)
    visit("2-team", "/lead/mentoring")
    find("main ul.cards a").click()
    said("What happened")
    sight.at("3-booking-that-waits")
    page = browser.current_url
    browser.get(page + "?lang=de")
    sight.at("3-booking-that-waits-german")
    browser.get(page)
    find("form[action$='/approve'] button").click()
    said("invites are on their way")
    sight.at("4-booking-approved")
    opened("form[action$='/reassign'] button").click()
    said("choose a host first")
    sight.at("5-nobody-was-chosen")
    host = opened("form[action$='/reassign'] select")
    host.find_elements(By.TAG_NAME, "option")[1].click()
    find("form[action$='/reassign'] button").click()
    said("Given to the new host")
    sight.at("6-booking-reassigned")

    visit("7-book-for-a-guest", "/lead/mentoring/book")
    browser.execute_script("document.querySelectorAll('form').forEach(form => form.noValidate = true)")
    find("select[name=start]").find_elements(By.TAG_NAME, "option")[1].click()
    find("input[name=name]").send_keys("Tom")
    find("input[name=email]").send_keys("tom")
    find("form[method=post][action$='/book'] button").click()
    said("does not look like a mail address")
    assert find("input[name=name]").get_attribute("value") == "Tom"
    said("What guests are asked")
    sight.at("8-book-with-a-mistake")
    visit("9-open-times", "/lead/mentoring/slots")
    find("input[name=time]").click()
    find("textarea[name=reason]").send_keys("The room is being painted.")
    find("form[action$='/slots'] button").click()
    said("Taken back")
    sight.at("10-taken-back")
    sight.end()
    print("ok")
finally:
    browser.close_all()
