"""Every public page by axe, on narrow screens, with large text and by keyboard alone: everybody.py URL TEAM AXE FOLDER

AXE is axe-core's file; FOLDER gets a screenshot of each page, phone and desktop, light and dark.
"""

import datetime
import sys

from browser import chromium, waiting
from looking import Look
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

url, team, axe_file, screenshots = sys.argv[1:]
browser = chromium()
sight = Look(browser, axe_file, screenshots)
look, check = sight.at, sight.check


def find(css):
    return waiting(browser).until(lambda driver: driver.find_element(By.CSS_SELECTOR, css))


def visit(name, path):
    browser.get(url + path)
    look(name)


def type_keys(*keys):
    ActionChains(browser).send_keys(*keys).perform()


def focused():
    return browser.switch_to.active_element


def tab_to(name, matches, most=80):
    """Presses Tab until the focused element matches; each one on the way shows that it is focused."""
    for _ in range(most):
        type_keys(Keys.TAB)
        element = focused()
        if element.tag_name == "body":
            continue  # Past the last stop comes the browser's own, then the first again.
        outline = element.value_of_css_property("outline-style")
        check(name, outline != "none", f"no sign of focus: {element.get_attribute('outerHTML')[:120]}")
        if matches(element):
            return element
    raise AssertionError(f"{name}: the keyboard never gets there")


def by_keyboard():
    """From the list to a confirmed booking without a mouse."""
    browser.get(f"{url}/book/{team}/talk?tz=Europe/Paris")
    type_keys(Keys.TAB)
    assert focused().get_attribute("class") == "skip", "the first stop leads past the frame"
    slot = tab_to("keyboard", lambda e: e.get_attribute("href") and e.get_attribute("href").split("?")[0].endswith("Z"))
    label = slot.get_attribute("aria-label")
    assert label.startswith("Book ") and label.endswith("Paris time"), label
    type_keys(Keys.ENTER)
    find("#name")
    assert "tz=Europe%2FParis" in browser.current_url
    tab_to("keyboard", lambda e: e.get_attribute("id") == "name")
    # A name of spaces passes the browser's look at the fields, not the server's.
    type_keys("   ", Keys.TAB)
    assert focused().get_attribute("id") == "email"
    type_keys("tariq@example.com", Keys.TAB, "First steps", Keys.TAB, Keys.ENTER)
    alert = find("[role=alert]")
    assert focused() == alert, "the summary of what is wrong has the focus"
    field = find("#name")
    described = [find(f"#{id}").text for id in field.get_attribute("aria-describedby").split()]
    assert field.get_attribute("aria-invalid") == "true" and all(described), described
    assert find("#agenda").get_attribute("value") == "First steps", "what was typed stays"
    look("5-form-wrong")
    browser.execute_script("document.querySelector('[role=alert]').focus()")
    tab_to("keyboard", lambda e: (e.get_attribute("href") or "").endswith("#name"))
    type_keys(Keys.ENTER, Keys.TAB)
    if focused().get_attribute("id") != "name":
        tab_to("keyboard", lambda e: e.get_attribute("id") == "name")
    type_keys("Tariq Example")
    tab_to("keyboard", lambda e: e.tag_name == "button" and e.get_attribute("type") == "submit")
    type_keys(Keys.ENTER)
    waiting(browser).until(lambda driver: "/b/" in driver.current_url)
    assert "(for the team)" in find(".facts").text, "both zones are shown where they differ"
    look("6-booked")
    return browser.current_url


def cancel(booking):
    browser.get(booking)
    # The browser may remember what was open on this page.
    if not find("button.danger").is_displayed():
        find("details:has(button.danger) summary").click()
    find("button.danger").click()
    waiting(browser).until(lambda driver: "This session is cancelled" in find("main").text)
    look("7-cancelled")


def lost_race():
    """Somebody else takes the time while the form is open."""
    browser.get(f"{url}/book/{team}/talk")
    slot = find(".slots a[href*='Z']").get_attribute("href")
    browser.get(slot)
    find("#name").send_keys("Lee Example")
    find("#email").send_keys("lee@example.com")
    other = chromium()
    try:
        other.get(slot)
        for css, text in [("#name", "Mia Example"), ("#email", "mia@example.com")]:
            other.find_element(By.CSS_SELECTOR, css).send_keys(text)
        other.find_element(By.CSS_SELECTOR, "form button[type=submit]").click()
        waiting(other).until(lambda driver: "/b/" in driver.current_url)
    finally:
        other.close_all()
    # The live page has hidden the button by now; a browser without its script sends the form.
    browser.execute_script("document.querySelector('form[data-slot]').requestSubmit()")
    waiting(browser).until(lambda driver: "a moment faster" in find("main").text)
    assert find("#email").get_attribute("value") == "lee@example.com"
    assert 1 <= len(browser.find_elements(By.CSS_SELECTOR, "button[formaction]")) <= 3
    look("8-lost-race")
    browser.get(slot)
    assert "not open any more" in find("main").text
    look("9-gone")


def as_invitation():
    """A slot as an invitation: a wrong address is told at its field, a right one gets it."""
    browser.get(f"{url}/book/{team}/talk")
    browser.get(find(".slots a[href*='Z']").get_attribute("href"))
    find("details:has(#invite-email) summary").click()
    # The browser itself takes this for an address, the server does not.
    find("#invite-email").send_keys("lena..berg@example.com")
    find("button[value=mail]").click()
    described = waiting(browser).until(lambda driver: find("#invite-email").get_attribute("aria-describedby"))
    assert find("#invite-email").get_attribute("aria-invalid") == "true" and find(f"#{described}").text
    assert focused() == find("[role=alert]"), "what is wrong has the focus"
    look("11-invitation-wrong")
    find("#invite-email").clear()
    find("#invite-email").send_keys("lena@example.com")
    find("button[value=mail]").click()
    waiting(browser).until(
        lambda driver: "lena@example.com" in find("main").text)
    look("11-invitation-sent")


def device_zone():
    """Without a zone in the address the page finds the device's."""
    browser.execute_cdp_cmd("Emulation.setTimezoneOverride", {"timezoneId": "Asia/Tokyo"})
    browser.get(f"{url}/book/{team}/talk")
    waiting(browser).until(lambda driver: "tz=Asia" in driver.current_url)
    # The address changes a moment before the page does.
    waiting(browser).until(
        lambda driver: "Asia/Tokyo (UTC+9)" in find("details.zone summary").text)
    browser.execute_cdp_cmd("Emulation.setTimezoneOverride", {"timezoneId": "UTC"})


try:
    free = datetime.date.today() + datetime.timedelta(days=7)
    empty = datetime.date.today() + datetime.timedelta(days=120)
    visit("1-start", "/")
    visit("2-team", f"/book/{team}")
    visit("3-list", f"/book/{team}/talk")
    visit("3-list-german", f"/book/{team}/talk?lang=de&tz=America/New_York")
    visit("3-list-group", f"/book/{team}/group")
    visit("3-month-empty", f"/book/{team}/talk?month={empty:%Y-%m}")
    visit("3-day", f"/book/{team}/talk/{free}")
    visit("3-day-empty", f"/book/{team}/talk/{empty}")
    visit("3-zones", f"/zones?page=/book/{team}/talk")
    visit("4-form", f"/book/{team}/talk/{free}/{free:%Y%m%d}T010000Z?tz=Asia/Kolkata")
    device_zone()
    cancel(by_keyboard())
    lost_race()
    as_invitation()
    visit("10-nothing-here", "/b/nothing")
    visit("10-problem", "/problems/slot-taken")
    visit("10-sign-in", "/sign-in")
    visit("10-sign-in-german", "/sign-in?lang=de")
    browser.execute_script("document.querySelector('details').open = true")
    find("#password-email").send_keys("lee@example.com")
    find("#password").send_keys("no such luck")
    find("details form button").click()
    waiting(browser).until(lambda driver: driver.find_elements(By.CSS_SELECTOR, "#password-wrong"))
    sight.at("10-sign-in-wrong")
    sight.end()
    print("ok")
finally:
    browser.close_all()
