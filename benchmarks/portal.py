"""The portal in a real Chromium: how soon it is there, a log of a million lines, a list of ten thousand jobs."""

import os
import sqlite3
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.figures import Figure, percentile
from proteinx.cli.browser_tests import find_chromium
from proteinx.contracts.states import JobState
from tests.integration.harness import PASSWORD, Lab

LINES: Final = 1_000_000
JOBS: Final = 10_000
TRIES: Final = 5
_RECORD: Final = """() => {
  window.frames_ = []; let last = performance.now()
  const step = (now) => { window.frames_.push(now - last); last = now; window.rolling_ = requestAnimationFrame(step) }
  window.rolling_ = requestAnimationFrame(step)
}"""
_RECORDED: Final = "() => { cancelAnimationFrame(window.rolling_); return window.frames_.slice(2) }"


def measure(lab: Lab) -> list[Figure]:
    worker = lab.agent()
    job = lab.submit(parameters={"steps": 1}, name="measured")
    lab.wait(job, JobState.SUCCEEDED)
    lab.remove(worker)
    _write_log(lab.master.workdir / "logs" / job / "1.0.log")
    _multiply(lab.master.home / "state" / "proteinx.db", job)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=["--no-sandbox", "--use-angle=swiftshader"]
        )
        cold = [_cold(browser, lab.master.url) for _ in range(TRIES)]
        page = _signed_in(browser, lab)
        figures = [_figure("portal: cold, to the first page", cold, 1.2), *_log(page, job), *_jobs(page)]
        browser.close()
    return figures


def _write_log(path: Path) -> None:
    with path.open("w") as file:
        file.writelines(f"epoch {number} loss {number % 997} 损失\n" for number in range(LINES))


def _multiply(database: Path, job: str) -> None:
    """Copies one job's row, under a master that runs: it is the list that is measured, not how jobs are made."""
    with sqlite3.connect(database, timeout=30) as connection:
        cursor = connection.execute("SELECT * FROM jobs WHERE id = ?", (job,))
        names = [column[0] for column in cursor.description]
        row = dict(zip(names, cursor.fetchone(), strict=True))
        copies = [{**row, "id": uuid.uuid4().hex, "name": f"job {n}", "idempotency_key": None} for n in range(JOBS)]
        marks = ", ".join(f":{name}" for name in names)
        connection.executemany(f"INSERT INTO jobs ({', '.join(names)}) VALUES ({marks})", copies)


def _cold(browser: Browser, url: str) -> float:
    context = browser.new_context(base_url=url, locale="en-GB")
    page = context.new_page()
    seconds = _timed(lambda: page.goto("/"), lambda: page.get_by_role("heading", name="Sign in").wait_for())
    context.close()
    return seconds


def _signed_in(browser: Browser, lab: Lab) -> Page:
    context = browser.new_context(base_url=lab.master.url, locale="en-GB", viewport={"width": 1280, "height": 800})
    reply = context.request.post(
        "/api/session", data={"name": "ana", "password": PASSWORD}, headers={"Origin": lab.master.url}
    )
    assert reply.ok, reply.text()
    return context.new_page()


def _log(page: Page, job: str) -> list[Figure]:
    log = page.get_by_role("log")
    last, first = log.get_by_text(f"epoch {LINES - 1} loss"), log.get_by_text("epoch 0 loss")
    opened = _timed(lambda: page.goto(f"/jobs/{job}?tab=logs"), last.wait_for)
    begun = _timed(lambda: log.evaluate("box => { box.scrollTop = 0 }"), first.wait_for)
    ended = _timed(lambda: log.evaluate("box => { box.scrollTop = box.scrollHeight }"), last.wait_for)
    log.hover()
    frames = _scrolled(page, -500)
    found = log.get_by_text("epoch 777777 loss")
    search = _timed(lambda: page.get_by_label("Search the log").fill("epoch 777777 "), found.wait_for)
    return [
        _figure(f"log of {LINES:,} lines: page opened at its end", [opened], 1.7),
        _figure("log: to its beginning", [begun], 0.3),
        _figure("log: back to its end", [ended], 0.3),
        _figure("log: a line found", [search], 2.0),
        _frames("log: scrolling", frames),
    ]


def _jobs(page: Page) -> list[Figure]:
    rows = page.get_by_role("row").filter(has_text="job ")
    opened = _timed(lambda: page.goto("/jobs"), rows.first.wait_for)
    one = page.get_by_role("link", name="job 4321", exact=True)
    filtered = _timed(lambda: page.get_by_label("Search", exact=True).fill("job 4321"), one.wait_for)
    page.get_by_label("Search", exact=True).fill("")
    rows.nth(20).wait_for()
    page.mouse.move(640, 500)
    return [
        _figure(f"list of {JOBS:,} jobs: opened", [opened], 1.0),
        _figure("list: filtered, with the pause for typing", [filtered], 0.45),
        _frames("list: scrolling", _scrolled(page, 500)),
    ]


def _scrolled(page: Page, pixels: int) -> list[float]:
    """Milliseconds of each frame while the wheel turns."""
    page.evaluate(_RECORD)
    for _ in range(60):
        page.mouse.wheel(0, pixels)
        page.wait_for_timeout(16)
    frames: list[float] = page.evaluate(_RECORDED)
    return frames


def _timed(act: Callable[[], Any], until: Callable[[], Any]) -> float:
    begin = time.monotonic()
    act()
    until()
    return time.monotonic() - begin


def _figure(what: str, values: list[float], target: float) -> Figure:
    median = percentile(values, 50)
    load = f"load of the machine {os.getloadavg()[0]:.1f}"
    return Figure(what, f"{median:.2f} s", load, f"under {target:g} s", median < target)


def _frames(what: str, frames: list[float]) -> Figure:
    longest, load = max(frames), f"load of the machine {os.getloadavg()[0]:.1f}"
    measured = f"p95 {percentile(frames, 95):.0f} ms, longest {longest:.0f} ms of {len(frames)} frames"
    return Figure(what, measured, load, "no frame over 50 ms", longest <= 50)
