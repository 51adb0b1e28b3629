"""Pictures of every page of the portal, for the documents: each in both languages and both themes."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from proteinx.cli.browser_tests import find_chromium
from proteinx.cli.exits import CommandError
from proteinx.client import Client
from proteinx.contracts.accounts import SignIn
from proteinx.contracts.states import JobState

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

LANGUAGES: Final = ("zh", "en")
THEMES: Final = ("light", "dark")
SIZE: Final = (1280, 800)
QUALITY: Final = 82
_SETTLE_MS: Final = 1200
"""Charts draw once their library has come."""


def pages(client: Client) -> dict[str, str]:
    """Name -> address, with what this system has to show. Raises CommandError where it has no finished job."""
    jobs = [job for job in client.jobs.page(state=JobState.SUCCEEDED.value, limit=100).items if job.metrics]
    if not jobs:
        raise CommandError("There is no finished job to show; `px demo --keep` makes one.")
    job = max(jobs, key=lambda one: len(one.metrics))
    alike = [one.id for one in jobs if one.project == job.project][:3]
    found = {
        "overview": "/",
        "jobs": "/jobs",
        "new-job": f"/jobs/new?from={job.id}",
        "job": f"/jobs/{job.id}",
        "log": f"/jobs/{job.id}?tab=logs",
        "metrics": f"/jobs/{job.id}?tab=metrics",
        "results": f"/jobs/{job.id}?tab=artifacts&file=predictions.csv",
        "config": f"/jobs/{job.id}?tab=config",
        "timeline": f"/jobs/{job.id}?tab=events",
        "compare": "/compare?" + "&".join(f"jobs={one}" for one in alike),
        "data": "/data",
        "models": "/models",
        "nodes": "/nodes",
        "settings": "/settings?tab=people",
    }
    datasets, models, nodes = client.datasets.page(limit=1).items, client.models.all(), client.nodes.all()
    if datasets:
        found["dataset"] = f"/data/{datasets[0].name}"
    if models:
        found["model"] = f"/models/{models[0].name}"
    if nodes:
        found["node"] = f"/nodes/{nodes[0].id}"
    return found


def take(url: str, sign_in: SignIn, folder: Path) -> Iterator[Path]:
    """Writes `<page>.<language>.<theme>.jpeg` and gives each back as it is there."""
    with Client(url) as client:
        client.accounts.sign_in(sign_in.name, sign_in.password)
        wanted = pages(client)
        client.accounts.sign_out()
    folder.mkdir(parents=True, exist_ok=True)
    with _browser() as browser:
        for language in LANGUAGES:
            for theme in THEMES:
                context = _context(browser, url, sign_in, language, theme)
                page = context.new_page()
                for name, address in wanted.items():
                    page.goto(address)
                    page.get_by_role("heading", level=1).wait_for()
                    page.wait_for_load_state("networkidle")
                    page.wait_for_timeout(_SETTLE_MS)
                    path = folder / f"{name}.{language}.{theme}.jpeg"
                    page.screenshot(path=path, type="jpeg", quality=QUALITY)
                    yield path
                context.close()


@contextmanager
def _browser() -> "Iterator[Browser]":
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        raise CommandError("Pictures need Playwright, which `px test` installs: run that first.") from error
    chromium = find_chromium()
    if chromium is None:
        raise CommandError("Pictures need Chromium; `px test --browser` installs it or says what is missing.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--use-angle=swiftshader"])
        yield browser
        browser.close()


def _context(browser: "Browser", url: str, sign_in: SignIn, language: str, theme: str) -> "BrowserContext":
    width, height = SIZE
    context = browser.new_context(
        base_url=url,
        viewport={"width": width, "height": height},
        locale="zh-CN" if language == "zh" else "en-GB",
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
    )
    reply = context.request.post("/api/session", data=sign_in.model_dump(), headers={"Origin": url})
    if not reply.ok:
        raise CommandError(f"{sign_in.name} can't sign in at {url}: {reply.text()}")
    return context
