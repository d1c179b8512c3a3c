"""A page as everybody may meet it: by axe, on narrow screens, with large text, light and dark, printed."""

import pathlib

SMALL = """
  return [...document.querySelectorAll('a, button, input:not([type=hidden]), select, textarea, summary')].filter(e => {
    const box = e.getBoundingClientRect();
    const inline = getComputedStyle(e).display === 'inline' && e.closest('p, dd, li, pre');
    return box.width && !inline && !e.closest('.skip') && (box.width < 24 || box.height < 24);
  }).map(e => e.outerHTML.slice(0, 120));
"""
OPENED = """
  const closed = [...document.querySelectorAll('details:not([open])')];
  closed.forEach(one => one.open = true);
  return closed.length;
"""
AXE = """
  const done = arguments[arguments.length - 1];
  axe.run(document, {rules: {'target-size': {enabled: true}, 'label-content-name-mismatch': {enabled: false}},
                     resultTypes: ['violations']})
     .then(found => done(found.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html.slice(0, 160) + ' ' +
           n.any.concat(n.all).map(c => c.message).join('; ')).join(' | '))));
"""


class Look:
    """Looks at what `browser` shows; `folder` gets a screenshot of each page, phone and desktop, light and dark."""

    def __init__(self, browser, axe_file, folder):
        self.browser = browser
        self.axe = pathlib.Path(axe_file).read_text()
        self.folder = pathlib.Path(folder)
        self.problems = []

    def check(self, name, condition, text):
        if not condition:
            self.problems.append(f"{name}: {text}")

    def screen(self, width, *media):
        """A screen of this width that prefers these: pairs of a media feature and its value."""
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                                     {"width": width, "height": 844, "deviceScaleFactor": 1, "mobile": width < 500})
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia",
                                     {"features": [{"name": name, "value": value} for name, value in media]})

    def wide(self):
        return self.browser.execute_script("return document.documentElement.scrollWidth")

    def picture(self, name):
        height = self.browser.execute_script("return document.documentElement.scrollHeight")
        width = self.browser.execute_script("return innerWidth")
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                                     {"width": width, "height": min(height, 4000), "deviceScaleFactor": 1, "mobile": False})
        self.browser.save_screenshot(str(self.folder / f"{name}.png"))

    def by_axe(self, name):
        """What axe finds in the page as it stands; it is given to each document once."""
        if not self.browser.execute_script("return !!window.axe"):
            self.browser.execute_script(self.axe)
        for found in self.browser.execute_async_script(AXE):
            self.problems.append(f"{name}: {found}")

    def at(self, name, open_details=True):
        """The page that is open, in every way people may look at it."""
        for scheme in ["light", "dark"]:
            for width in [390, 1280]:
                self.screen(width, ("prefers-color-scheme", scheme))
                self.picture(f"{name}-{width}-{scheme}")
                self.screen(width, ("prefers-color-scheme", scheme))
                self.by_axe(f"{name}: axe, {width}, {scheme}")
                if open_details and self.browser.execute_script(OPENED):
                    self.by_axe(f"{name}: axe, {width}, {scheme}, opened")
                small = self.browser.execute_script(SMALL)
                self.check(name, not small, f"smaller than 24 px: {small}")
        self.screen(1280, ("forced-colors", "active"))
        self.picture(f"{name}-1280-forced-colors")
        self.screen(320)
        self.check(name, self.wide() <= 320, f"{self.wide()} wide on a screen of 320")
        for width in [640, 1280]:
            self.screen(width)
            self.browser.execute_script("document.documentElement.style.fontSize = '200%'")
            self.check(name, self.wide() <= width, f"{self.wide()} wide with text of 200 % on {width}")
            self.browser.execute_script("document.documentElement.style.fontSize = ''")
        self.screen(1280)

    def end(self, expected=("404", "409", "410", "422")):
        """What was wrong, with the pages or in the browser's own eyes."""
        assert not self.problems, "\n".join(self.problems)
        errors = [entry for entry in self.browser.get_log("browser") if entry["level"] == "SEVERE"]
        unexpected = [entry for entry in errors if not any(code in entry["message"] for code in expected)]
        assert not unexpected, unexpected
