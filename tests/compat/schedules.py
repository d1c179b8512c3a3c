"""A schedule without an account, its owner and two visitors, as everybody may meet it: schedules.py URL AXE FOLDER

AXE is axe-core's file; FOLDER gets a screenshot of each page, phone and desktop, light and dark. What happened when is
printed.
"""

import datetime
import sys
import time

from browser import chromium, waiting
from looking import Look
from selenium.webdriver.common.by import By

url, axe_file, screenshots = sys.argv[1:]
begun = time.monotonic()
owner, mia, tariq = chromium(), chromium(), chromium()
sight = Look(owner, axe_file, screenshots)
day = (datetime.date.today() + datetime.timedelta(days=7)).isoformat()


def told(what):
    print(f"{time.monotonic() - begun:7.3f} s  {what}")


def wait(browser, what, condition):
    """Waits for something that nobody reloads a page for."""
    waiting(browser, poll=0.01).until(lambda _: condition(), what)
    told(what)


def find(browser, css):
    return waiting(browser).until(lambda driver: driver.find_element(By.CSS_SELECTOR, css))


def look(browser, name):
    sight.browser = browser
    sight.at(name)


def open_slots(browser):
    return [link.get_attribute("data-slot") for link in browser.find_elements(By.CSS_SELECTOR, "a[data-slot]:not([aria-disabled])")]


def take(browser, slot, name):
    browser.find_element(By.CSS_SELECTOR, f"a[data-slot='{slot}']").click()
    find(browser, "#name").send_keys(name)


def press(browser):
    browser.execute_script("document.querySelector('main form button[type=submit]').click()")


def is_mine(browser):
    return len(browser.find_elements(By.CSS_SELECTOR, ".mine")) > 0


def type_times(starts, ends):
    owner.execute_script("for (const [id, value] of arguments[0]) document.getElementById(id).value = value",
                         [["date", day], ["starts", starts], ["ends", ends], ["minutes", "30"], ["note", "Room 5"]])
    owner.find_element(By.CSS_SELECTOR, "form.slot-form button").click()


try:
    owner.get(f"{url}/new")
    look(owner, "1-new")
    press(owner)
    waiting(owner).until(lambda driver: "/new" in driver.current_url)
    find(owner, "#owner").send_keys("Mary")
    press(owner)
    wait(owner, "a schedule is made", lambda: "/d/" in owner.current_url)
    look(owner, "2-dashboard-empty")
    type_times("14:00", "16:00")
    wait(owner, "the owner has times", lambda: "done=added" in owner.current_url)
    look(owner, "3-dashboard")
    page = find(owner, "#address").get_attribute("value")
    for one in (mia, tariq):
        one.get(page)
    look(mia, "4-page")
    slots = open_slots(mia)
    assert len(slots) == 4, slots

    # One takes, the others see.
    take(tariq, slots[0], "Tariq")
    look(tariq, "5-take")
    told("Tariq presses")
    press(tariq)
    wait(mia, "Mia sees it gone, without a reload", lambda: slots[0] not in open_slots(mia))
    wait(tariq, "it is Tariq's", lambda: is_mine(tariq))
    wait(owner, "the owner sees his name, without a reload", lambda: "Tariq" in find(owner, "[data-refresh]").text)
    look(tariq, "6-mine")
    look(owner, "7-dashboard-taken")
    mia.refresh()
    assert slots[0] not in open_slots(mia)
    tariq.find_element(By.CSS_SELECTOR, "form[action*='/release'] button").click()
    wait(mia, "Mia sees it back, without a reload", lambda: slots[0] in open_slots(mia))

    # One types while the other takes.
    for one, name in ((mia, "Mia"), (tariq, "Tariq")):
        one.get(page)
        take(one, slots[1], name)
    told("Tariq presses")
    press(tariq)
    wait(mia, "Mia is offered others while she types",
         lambda: mia.find_element(By.CSS_SELECTOR, "[data-lost]").is_displayed()
         and len(mia.find_elements(By.CSS_SELECTOR, "[data-lost] button")) > 0)
    assert find(mia, "#name").get_attribute("value") == "Mia"
    look(mia, "8-lost-while-typing")
    mia.find_element(By.CSS_SELECTOR, "[data-lost] button").click()
    wait(mia, "another is Mia's, with her name", lambda: is_mine(mia))

    # Both press at once.
    for one, name in ((mia, "Mia"), (tariq, "Tariq")):
        one.get(page)
        take(one, open_slots(one)[-1], name)
    told("both press")
    press(mia)
    press(tariq)

    def decided():
        states = sorted(["/2" not in mia.current_url, "/2" not in tariq.current_url])
        helped = [one for one in (mia, tariq) if one.find_elements(By.CSS_SELECTOR, "main form button[formaction]")]
        return states == [False, True] and helped

    waiting(mia, poll=0.05).until(lambda _: decided())
    other = decided()[0]
    told(f"one has it; {find(other, '#name').get_attribute('value')} is offered others, with the name kept")
    look(other, "9-lost-the-race")

    type_times("17:00", "16:00")
    wait(owner, "the field that is wrong is named", lambda: owner.find_elements(By.CSS_SELECTOR, "#ends-wrong"))
    look(owner, "10-dashboard-wrong")
    sight.end()
    print("ok")
finally:
    for one in (owner, mia, tariq):
        one.close_all()
