"""A real browser before a real system. `px test --browser` names the browser and builds the portal."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from tests.browser.portal import CHROMIUM, FLAGS, Visitor
from tests.integration.harness import HASTY, PASSWORD, Lab

expect.set_options(timeout=60_000)  # a deadline, not a wait: a busy machine is no failure
PORTAL = Path(__file__).resolve().parents[2] / "frontend" / "dist" / "index.html"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    missing = "run `px test --browser`" if not os.environ.get(CHROMIUM) else None
    if missing is None and not PORTAL.is_file():
        missing = "the portal is not built: `px portal build`"
    if missing:
        for item in items:
            if Path(__file__).parent in item.path.parents:
                item.add_marker(pytest.mark.skip(reason=missing))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=os.environ[CHROMIUM], args=FLAGS)


@pytest.fixture(scope="session")
def lab(real_lab: Lab) -> Lab:
    return real_lab


@pytest.fixture
def workers(lab: Lab) -> Iterator[Lab]:
    """The lab; workers started and jobs made in the test are gone after it."""
    yield lab
    lab.clear()


@pytest.fixture
def hasty(workers: Lab) -> Iterator[Lab]:
    """The lab, where a machine that falls silent is given up in seconds."""
    with workers.settings(**HASTY):
        yield workers


@pytest.fixture(scope="session")
def signed_in(browser: Browser, lab: Lab) -> dict[str, Path]:
    """Who has signed in, by name: the browser's state, to be used again."""
    states: dict[str, Path] = {}
    for name in ("root", "ana"):
        context = browser.new_context(base_url=lab.master.url, locale="en-GB")
        Visitor(context.new_page()).sign_in(name, PASSWORD)
        states[name] = lab.folder / f"{name}.json"
        context.storage_state(path=states[name])
        context.close()
    return states


@pytest.fixture
def visit(
    browser: Browser, lab: Lab, signed_in: dict[str, Path], request: pytest.FixtureRequest
) -> Iterator[Callable[..., Visitor]]:
    """Somebody's browser, English and light unless told otherwise. Whatever its console complains of fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def make(name: str | None = "ana", *, language: str = "en", theme: str = "light", width: int = 1280) -> Visitor:
        context = browser.new_context(
            base_url=lab.master.url,
            locale="zh-CN" if language == "zh" else "en-GB",
            color_scheme="dark" if theme == "dark" else "light",
            reduced_motion="reduce",  # what axe sees is what stays, not a colour on its way to another
            viewport={"width": width, "height": 800},
            storage_state=signed_in[name] if name else None,
        )
        context.add_init_script(f"localStorage.setItem('proteinx.language', '{language}')")
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("console", lambda message: _note(message, complaints))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return Visitor(page)

    yield make
    for number, context in enumerate(contexts):
        for page in context.pages:
            _keep_picture(page, request, number)
        context.close()
    assert complaints == []


def _note(message: ConsoleMessage, complaints: list[str]) -> None:
    """A refused request is the page's business to show; all else is a fault of the portal's."""
    if message.type == "error" and "Failed to load resource" not in message.text and "WebSocket" not in message.text:
        complaints.append(message.text)


def _keep_picture(page: Page, request: pytest.FixtureRequest, number: int) -> None:
    """What the page looked like at the end, where somebody wants to see it."""
    folder = os.environ.get("PROTEINX_TEST_PICTURES")
    if folder and not page.is_closed():
        page.screenshot(path=Path(folder) / f"{request.node.name}.{number}.png")
