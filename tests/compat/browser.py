"""Chromium, headless and without a life of its own."""

import shutil
import tempfile

from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.support.ui import WebDriverWait


def waiting(browser, seconds=10, poll=0.1):
    """Waits, by `until`, for what is about to be there. What was looked at meanwhile may go: the page changes."""
    return WebDriverWait(browser, seconds, poll_frequency=poll, ignored_exceptions=[WebDriverException])


def chromium(javascript=True, size="1280,900"):
    """A browser; `close` ends it and removes its profile."""
    profile = tempfile.mkdtemp(prefix="openhour-chromium-")
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or shutil.which("chromium-browser")
    for argument in ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                     "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update",
                     "--disable-sync", f"--window-size={size}", f"--user-data-dir={profile}"]:
        options.add_argument(argument)
    if not javascript:
        options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which("chromedriver")))

    def close():
        driver.quit()
        shutil.rmtree(profile, ignore_errors=True)

    driver.close_all = close
    return driver
