"""Two Chromiums on the same open times: two_browsers.py URL TEAM FOLDER

One takes, the other sees; one types while the other takes; both press at once. FOLDER gets screenshots. What happened
when is printed.
"""

import concurrent.futures
import pathlib
import sys
import time

from browser import chromium, waiting
from selenium.common.exceptions import TimeoutException
from selenium.webdriver.common.by import By

url, team, folder = sys.argv[1:]
begun = time.monotonic()


def told(what):
    print(f"{time.monotonic() - begun:7.3f} s  {what}")


class Visitor:
    """Somebody with a browser and a mail address."""

    def __init__(self, name):
        self.name = name
        self.browser = chromium(size="1100,900")

    def go(self, path):
        self.browser.get(path if path.startswith("http") else url + path)

    def find(self, css):
        return self.browser.find_element(By.CSS_SELECTOR, css)

    def all(self, css):
        return self.browser.find_elements(By.CSS_SELECTOR, css)

    def wait(self, what, condition):
        """Waits for something that nobody reloads a page for."""
        try:
            waiting(self.browser, poll=0.01).until(lambda _: condition())
        except TimeoutException as error:
            page = f"{self.browser.current_url}:\n{self.find('body').text}"
            raise AssertionError(f"{self.name} never saw: {what}, but {page}") from error
        told(f"{self.name} sees: {what}")

    def slots(self):
        return [link.get_attribute("data-slot") for link in self.all("a[data-slot]")]

    def slot(self, name):
        return self.find(f"a[data-slot='{name}']")

    def is_gone(self, name):
        return self.slot(name).get_attribute("aria-disabled") == "true"

    def fill_in(self):
        self.find("input[name=name]").send_keys(self.name)
        self.find("input[name=email]").send_keys(f"{self.name.lower()}@example.com")
        self.find("textarea[name=agenda]").send_keys(f"What {self.name} typed")

    def press(self, css):
        # Without the wait for the answer that `click` brings with it, so that two can press at once; and without its
        # aim at a place on the screen, from which a page that changes by itself may move the button.
        self.browser.execute_script("document.querySelector(arguments[0]).click()", css)

    def press_book(self):
        self.press(".actions button[type=submit]")

    def is_booked(self):
        return "/b/" in self.browser.current_url

    def cancel(self):
        # All parts open, and no words of the page in the test.
        self.browser.execute_script("document.querySelectorAll('details').forEach(one => one.open = true)")
        self.find("form[action$='/cancel'] button").click()
        self.wait("cancelled", lambda: not self.all("form[action$='/cancel']"))

    def picture(self, name):
        self.browser.save_screenshot(str(pathlib.Path(folder) / f"{name}.png"))

    def complaints(self):
        return [entry for entry in self.browser.get_log("browser")
                if entry["level"] == "SEVERE" and not any(code in entry["message"] for code in ["409", "410"])]

    def close(self):
        self.browser.close_all()


def one_takes_the_other_sees(mia, tariq):
    mia.go(f"/book/{team}/talk")
    tariq.go(f"/book/{team}/talk")
    first, second = mia.slots()[:2]
    mia.browser.execute_script("arguments[0].focus()", mia.slot(second))
    tariq.slot(first).click()
    tariq.fill_in()
    told("Tariq presses")
    tariq.press_book()
    mia.wait("his time is gone, without a reload", lambda: mia.is_gone(first))
    mia.wait("it is announced", lambda: mia.find("[data-live]").text != "")
    assert mia.find("[data-live]").get_attribute("role") == "status"
    focused = mia.browser.switch_to.active_element.get_attribute("data-slot")
    assert focused == second, f"the focus went to {focused}"
    mia.picture("taken")
    mia.slot(first).click()
    assert mia.browser.current_url.endswith("/talk"), "a time that is gone leads nowhere"
    tariq.wait("booked", tariq.is_booked)
    assert tariq.find(".countdown time").text.startswith("Starts in "), tariq.find(".countdown").text
    tariq.cancel()
    mia.wait("it is back", lambda: not mia.is_gone(first))
    return first


def one_types_while_the_other_takes(mia, tariq, slot):
    for one in (mia, tariq):
        one.go(f"/book/{team}/talk")
        one.slot(slot).click()
        one.fill_in()
    told("Tariq presses")
    tariq.press_book()
    mia.wait("somebody took the time she is typing for",
             lambda: mia.find("[data-lost]").is_displayed() and len(mia.all("[data-lost] button")) > 0)
    assert mia.find("textarea[name=agenda]").get_attribute("value") == "What Mia typed"
    mia.picture("lost-while-typing")
    mia.press("[data-lost] button")
    mia.wait("another time is hers, with what she typed",
             lambda: mia.is_booked() and "What Mia typed" in mia.find("main").text)
    for one in (tariq, mia):
        one.wait("booked", one.is_booked)
        one.cancel()


def both_press_at_once(mia, tariq, slot):
    for one in (mia, tariq):
        one.go(f"/book/{team}/talk")
        one.wait("the time is open", lambda: not one.is_gone(slot))
        one.slot(slot).click()
        one.fill_in()
    told("both press")
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        list(pool.map(Visitor.press_book, (mia, tariq)))

    def helped(one):
        return not one.is_booked() and len(one.all("main form button[formaction]")) > 0

    # While a page is being replaced, what is asked of it may be gone.
    waiting(mia.browser, poll=0.05).until(
        lambda _: sorted([mia.is_booked(), tariq.is_booked()]) == [False, True] and (helped(mia) or helped(tariq)))
    winner, other = (mia, tariq) if mia.is_booked() else (tariq, mia)
    told(f"{winner.name} has it; {other.name} is offered {len(other.all('main form button[formaction]'))} others")
    assert other.find("textarea[name=agenda]").get_attribute("value") == f"What {other.name} typed"
    other.picture("lost-the-race")
    other.press("main form button[formaction]")
    other.wait("another time is booked at one press", other.is_booked)


visitors = [Visitor("Mia"), Visitor("Tariq")]
try:
    taken = one_takes_the_other_sees(*visitors)
    one_types_while_the_other_takes(*visitors, taken)
    both_press_at_once(*visitors, taken)
    for visitor in visitors:
        assert not visitor.complaints(), visitor.complaints()
    print("ok")
finally:
    for visitor in visitors:
        visitor.close()
