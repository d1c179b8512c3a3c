"""Open times in the frame of another site: embed.py URL TEAM LEAD_LINK AXE FOLDER

Two sites of their own show the same frame; a lead names one of them. AXE is axe-core's file; FOLDER gets a screenshot of
each page, phone and desktop, light and dark.
"""

import html
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from browser import chromium, waiting
from looking import Look
from selenium.webdriver.common.by import By

url, team, link, axe_file, screenshots = sys.argv[1:]


class Site:
    """A site elsewhere with one page, on which `code` stands."""

    def __init__(self):
        self.code = ""
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                page = f"<!doctype html><html lang=en><title>A site</title><h1>Our site</h1>{site.code}</html>".encode()
                self.send_response(200)
                self.send_header("content-type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(page)

            def log_message(self, *_):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        # Another name for this machine than the booking server's, so that browsers take them for different sites.
        self.origin = f"http://localhost:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()


named, other = Site(), Site()
browser = chromium()
sight = Look(browser, axe_file, screenshots)


def find(css, where=None):
    return waiting(where or browser).until(lambda driver: driver.find_element(By.CSS_SELECTOR, css))


def send(css="main form button[type=submit]"):
    browser.execute_script("arguments[0].click()", find(css))


def name_sites(text):
    field = find("#embed_on")
    field.clear()
    field.send_keys(text)
    send()


def slots_in_frame(where, site):
    """The open times that a visitor of the site sees."""
    where.switch_to.default_content()
    where.get(site.origin)
    where.switch_to.frame(find("iframe", where))
    # Something is there in any case: the times, or the browser's own page that says why not.
    waiting(where).until(lambda driver: driver.find_elements(By.CSS_SELECTOR, "body *"))
    return where.find_elements(By.CSS_SELECTOR, ".slots a")


def books_in_a_tab(where):
    slots = slots_in_frame(where, named)
    assert slots, "the named site shows the times"
    before = set(where.window_handles)
    slots[0].click()
    waiting(where).until(lambda driver: len(driver.window_handles) > len(before))
    where.switch_to.window((set(where.window_handles) - before).pop())
    find("#name", where)
    assert where.current_url.startswith(f"{url}/book/{team}/"), where.current_url
    where.close()
    where.switch_to.window(before.pop())


try:
    browser.get(f"{url}/embed/{team}/talk")
    assert "does not show its open times" in find("main").text
    sight.at("1-no-site-named")
    named.code = other.code = f'<iframe src="{url}/embed/{team}/talk" title="Times"></iframe>'
    assert not slots_in_frame(browser, named), "no site is named yet"
    browser.switch_to.default_content()

    browser.get(link)
    find("main form button").click()
    waiting(browser).until(lambda driver: "/sign-in/" not in driver.current_url)
    browser.get(f"{url}/lead/{team}/types/talk")
    find("a[href$='#embed_on']")
    sight.at("2-type-without-a-site")
    browser.get(f"{url}/lead/{team}/settings")
    name_sites("www.example.org/contact")
    assert find("#embed_on[aria-invalid]").get_attribute("value") == "www.example.org/contact"
    sight.at("3-settings-wrong")
    name_sites(f"{named.origin}/\nhttps://www.example.org")
    waiting(browser).until(lambda driver: "done=saved" in driver.current_url)
    assert find("#embed_on").get_attribute("value").split() == [named.origin, "https://www.example.org"]
    sight.at("3-settings-saved")
    browser.get(f"{url}/lead/{team}/types/talk?lang=de")
    sight.at("4-type-german")
    browser.get(f"{url}/lead/{team}/types/talk")
    named.code = other.code = find("#frame-code").get_attribute("value")
    plain = find("#link-code").get_attribute("value")
    assert f'href="{url}/book/{team}/talk"' in html.unescape(plain), plain

    assert not slots_in_frame(browser, other), "nobody named the other site"
    books_in_a_tab(browser)
    # As narrow as a sidebar, and everything in it is there for anybody: nobody is signed in in a frame.
    named.code = named.code.replace('width="100%"', 'width="300"')
    assert slots_in_frame(browser, named)
    wide = browser.execute_script("return document.documentElement.scrollWidth")
    assert wide <= 300, wide
    assert not browser.find_elements(By.CSS_SELECTOR, "form[method=post]")
    browser.save_screenshot(f"{screenshots}/5-framed-300.png")
    browser.switch_to.default_content()

    for name, query in [("6-list", ""), ("6-list-german", "?lang=de&tz=America/New_York"), ("6-list-dark", "?theme=dark"),
                        ("6-list-light", "?theme=light")]:
        browser.get(f"{url}/embed/{team}/talk{query}")
        find(".slots a")
        sight.at(name)
    browser.get(find(".day h3 a").get_attribute("href"))
    find(".slots a")
    sight.at("7-day")
    sight.end(expected=("404", "409", "410", "422", "frame-ancestors", "ERR_BLOCKED_BY"))

    plain_browser = chromium(javascript=False)
    try:
        named.code = named.code.replace('width="300"', 'width="100%"')
        books_in_a_tab(plain_browser)
    finally:
        plain_browser.close_all()
    print("ok")
finally:
    browser.close_all()
