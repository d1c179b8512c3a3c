"""Chromium books, reads, moves and cancels: pages.py URL TEAM on|off FOLDER

The third argument switches JavaScript; FOLDER gets a screenshot of each step, desktop and phone size.
"""

import pathlib
import sys

from browser import chromium, waiting
from selenium.webdriver.common.by import By

url, team, javascript, screenshots = sys.argv[1:]
browser = chromium(javascript == "on", "1100,900")


def find(css):
    return waiting(browser).until(lambda driver: driver.find_element(By.CSS_SELECTOR, css))


def all_of(css):
    return browser.find_elements(By.CSS_SELECTOR, css)


def text():
    return find("body").text


def picture(name):
    """A screenshot of the whole page on a desk and on a phone; on neither is it wider than the screen."""
    for device, width, height in [("desk", 1100, 900), ("phone", 390, 844)]:
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                                {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": device == "phone"})
        browser.save_screenshot(str(pathlib.Path(screenshots) / f"{name}-{device}.png"))
        metrics = browser.execute_cdp_cmd("Page.getLayoutMetrics", {})
        assert metrics["cssContentSize"]["width"] <= width, f"{name} is {metrics['cssContentSize']['width']} wide on a {device}"
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def press(label):
    """The visible button or link with these words."""
    for element in all_of("button, a, summary"):
        if element.is_displayed() and element.text.strip() == label:
            element.click()
            return
    raise AssertionError(f"no {label!r} to press on {browser.current_url}:\n{text()}")


def slots():
    return [link.get_attribute("href") for link in all_of(f"a[href*='/book/{team}/talk/']")
            if link.get_attribute("href").split("?")[0].endswith("Z")]


def choose():
    browser.get(f"{url}/")
    picture("1-start")
    find(f"a[href*='/book/{team}']").click()
    if not slots():
        find(f"a[href*='/book/{team}/talk']").click()
    picture("2-list")
    open_now = slots()
    assert len(open_now) == 3, f"three open hours, not {open_now}"
    browser.get(f"{url}/book/{team}/talk?tz=Asia/Kathmandu")
    assert any(":45" in link.text for link in all_of(f"a[href*='/book/{team}/talk/']")), "Kathmandu is at a quarter to"
    browser.get(f"{url}/book/{team}/talk")
    browser.get(slots()[1])


def fill_in():
    picture("3-form")
    # What the browser would hold back, the server must know as well.
    find("input[name=name]").send_keys("Tariq <b>Example</b>")
    find("input[name=email]").send_keys("tariq@example.com")
    find("textarea[name=agenda]").send_keys("First steps & \"plans\" <script>document.title = 'taken over'</script>")
    press("Book this time")
    waiting(browser).until(lambda driver: "/b/" in driver.current_url)


def read():
    picture("4-booked")
    page = text()
    assert "ana@example.org" in page, page
    assert "<script>" in page, "what was typed is shown as text"
    assert browser.title != "taken over"
    assert find("a[href$='/invite.ics']")


def move():
    press("Move to another time")
    radios = [radio for radio in all_of("input[type=radio][name=start]") if radio.is_displayed()]
    assert len(radios) == 2, len(radios)
    before = find("time").get_attribute("datetime")
    radios[0].click()
    picture("5-move")
    press("Move the session")
    waiting(browser).until(lambda driver: find("time").get_attribute("datetime") != before)
    picture("6-moved")


def cancel():
    press("Cancel the session")
    find("input[name=reason]").send_keys("A cold")
    press("Cancel this session")
    waiting(browser).until(lambda driver: "This session is cancelled" in text())
    picture("7-cancelled")
    assert not any(button.text == "Cancel this session" for button in all_of("button")), "cancelled is cancelled"


def lost():
    browser.get(f"{url}/b/nothing")
    picture("8-lost")
    assert "There is nothing here" in text()


try:
    browser.get("data:text/html,<title>off</title><script>document.title='on'</script>")
    assert browser.title == javascript, f"JavaScript is {browser.title}"
    choose()
    fill_in()
    read()
    move()
    cancel()
    lost()
    errors = [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE" and "404" not in entry["message"]]
    assert not errors, errors
    print("ok")
finally:
    browser.close_all()
