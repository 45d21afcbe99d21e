"""People of the demo at a browser: page objects in the words of the screen."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect

from registry.config import DEMO_ACCOUNTS

WIDTHS = {"desktop": 1280, "phone": 390}
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    }
}


@dataclass
class Person:
    """One person with a browser window of his own."""

    page: Page
    address: str

    def go(self, path: str) -> "Person":
        """Open a page by its address and see that it is one."""
        answer = self.page.goto(self.address + path)
        assert answer is not None and answer.status < 400, (path, answer and answer.status)
        return self

    def click(self, words: str, *, role: str = "link") -> "Person":
        """Click the first link (or button) with these words."""
        self.page.get_by_role(role, name=words).first.click()  # type: ignore[arg-type]
        return self

    def press(self, words: str) -> "Person":
        """Press a button."""
        return self.click(words, role="button")

    def write(self, label: str, text: str) -> "Person":
        """Fill the field of that label."""
        self.page.get_by_label(label, exact=False).first.fill(text)
        return self

    def choose(self, label: str, option: str) -> "Person":
        """Choose an option of a select."""
        self.page.get_by_label(label, exact=False).first.select_option(label=option)
        return self

    def tick(self, words: str) -> "Person":
        """Tick a radio button or a checkbox."""
        self.page.get_by_label(words, exact=False).first.check()
        return self

    def write_day(self, name: str, year: int, month: int, day: int) -> "Person":
        """Fill a date of three parts."""
        for part, value in zip("ymd", (year, month, day), strict=True):
            self.page.locator(f'[name="{name}-{part}"]').first.fill(str(value))
        return self

    def sees(self, text: str) -> "Person":
        """The page shows these words."""
        expect(self.page.locator("body")).to_contain_text(text)
        return self

    def does_not_see(self, text: str) -> "Person":
        """The page does not hold these words, not even hidden."""
        assert text not in self.page.content(), text
        return self

    def violations(self) -> list[str]:
        """What axe finds against WCAG A and AA."""
        result = Axe().run(self.page, options=RULES)
        return [
            f"{v['id']}: {node['target']}"
            for v in result.response["violations"]
            for node in v["nodes"]
        ]

    def overflow(self) -> int:
        """By how many pixels the page is wider than its window."""
        return int(
            self.page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
        )


@dataclass
class Stage:
    """Opens windows for people of the demo and closes them at the end."""

    browser: Browser
    address: str
    app: Flask
    contexts: list[BrowserContext] = field(default_factory=list)

    def enter(self, who: str = "", *, language: str = "ja", width: str = "desktop") -> Person:
        """A person signs in as `who`@demo.example; nobody = a visitor."""
        context = self.browser.new_context(
            viewport={"width": WIDTHS[width], "height": 900}, locale=language
        )
        context.set_default_timeout(10_000)
        self.contexts.append(context)
        person = Person(context.new_page(), self.address)
        if who:
            email = f"{who}@demo.example"
            person.go(f"/sign-in?lang={language}")
            person.page.fill('input[name="email"]', email)
            person.page.fill('input[name="password"]', self._passwords()[email])
            person.page.locator('main button[type="submit"], main button:not([type])').first.click()
            person.page.wait_for_url(lambda url: "/sign-in" not in url)
        else:
            person.go(f"/?lang={language}")
        return person

    def leave(self) -> None:
        """Close all windows."""
        for context in self.contexts:
            context.close()

    def _passwords(self) -> dict[str, str]:
        path = Path(self.app.extensions["musubi_config"].data) / DEMO_ACCOUNTS
        return {row["email"]: row["password"] for row in json.loads(path.read_text("utf-8"))}
