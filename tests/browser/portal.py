"""What the stories do on the portal's pages."""

import re
from typing import Any, Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

CHROMIUM: Final = "PROTEINX_CHROMIUM"
FLAGS: Final = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--disable-dev-shm-usage"]
_IMPACTS: Final = ("minor", "moderate", "serious", "critical")


class Visitor:
    """A person at one page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def goto(self, path: str, heading: str | re.Pattern[str] | None = None) -> None:
        self.page.goto(path)
        if heading is not None:
            self.heading(heading)

    def sign_in(self, name: str, password: str) -> None:
        """With a session of its own, which a test may end."""
        self.goto("/sign-in", "Sign in")
        self.page.get_by_label("Name").fill(name)
        self.page.get_by_label("Password").fill(password)
        self.button("Sign in").click()
        self.heading("Overview")

    def heading(self, name: str | re.Pattern[str]) -> Locator:
        found = self.page.get_by_role("heading", name=name, level=1)
        expect(found).to_be_visible()
        return found

    def tab(self, name: str) -> None:
        self.page.get_by_role("tab", name=name).click()

    def button(self, name: str | re.Pattern[str]) -> Locator:
        return self.page.get_by_role("button", name=name, exact=isinstance(name, str))

    def status(self, word: str) -> None:
        """Until the page's header says so."""
        expect(self.page.locator(".px-page-title").get_by_text(word, exact=True)).to_be_visible(timeout=60_000)

    def choose(self, label: str, option: str) -> None:
        """An option of one of the component kit's lists."""
        self.page.get_by_label(label, exact=True).first.click()
        self.page.locator(".ant-select-dropdown:visible").get_by_title(option, exact=True).click()

    def violations(self) -> list[str]:
        """What axe has against the page as it is; no rule is switched off."""
        found: dict[str, Any] = Axe().run(self.page).response
        return [
            f"{one['id']} ({one['impact']}): {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
            for one in found["violations"]
            for node in one["nodes"]
            if one["impact"] in _IMPACTS
        ]
