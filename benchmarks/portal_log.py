"""The log view: a million lines, and a thousand more each second."""

import re
import time
from pathlib import Path
from typing import Final

from playwright.sync_api import Page

from benchmarks import projects
from benchmarks.browsing import duration, frames_while, load, scroll, smoothness, timed
from benchmarks.figures import Figure, percentile
from proteinx.contracts.states import JobState
from tests.integration.harness import Lab

LINES: Final = 1_000_000
_WATCHED_SECONDS: Final = 12.0
_SAMPLES: Final = 40


def write_log(path: Path) -> None:
    with path.open("w") as file:
        file.writelines(f"epoch {number} loss {number % 997} 损失\n" for number in range(LINES))


def long_log(page: Page, job: str) -> list[Figure]:
    log = page.get_by_role("log")
    last, first = log.get_by_text(f"epoch {LINES - 1} loss"), log.get_by_text("epoch 0 loss")
    opened = timed(lambda: page.goto(f"/jobs/{job}?tab=logs"), last.wait_for)
    begun = timed(lambda: log.evaluate("box => { box.scrollTop = 0 }"), first.wait_for)
    ended = timed(lambda: log.evaluate("box => { box.scrollTop = box.scrollHeight }"), last.wait_for)
    log.hover()
    frames = frames_while(page, lambda: scroll(page, -500))
    found = log.get_by_text("epoch 777777 loss")
    search = timed(lambda: page.get_by_label("Search the log").fill("epoch 777777 "), found.wait_for)
    return [
        duration(f"log of {LINES:,} lines: page opened at its end", [opened], 1.7),
        duration("log: to its beginning", [begun], 0.3),
        duration("log: back to its end", [ended], 0.3),
        duration("log: a line found", [search], 2.0),
        smoothness("log: scrolling", frames),
    ]


def busy_log(page: Page, lab: Lab) -> list[Figure]:
    """How far the last line in sight is behind the clock, while a job prints a thousand a second."""
    job = projects.submit(lab, "shouter")
    log = page.get_by_role("log")
    lab.wait(job, JobState.RUNNING)
    page.goto(f"/jobs/{job}?tab=logs")
    log.get_by_text(re.compile("^said at")).first.wait_for(timeout=60_000)
    behind: list[float] = []

    def watch() -> None:
        for _ in range(_SAMPLES):
            shown = log.evaluate("box => box.textContent")
            behind.append(time.time() - max(float(at) for at in re.findall(r"said at (\d+\.\d+)", shown)))
            page.wait_for_timeout(_WATCHED_SECONDS / _SAMPLES * 1000)

    frames = frames_while(page, watch)
    lab.member.jobs.cancel(job)
    lab.wait(job, JobState.CANCELLED)
    slowest = percentile(behind, 95)
    told = f"p95 {slowest:.2f} s behind, median {percentile(behind, 50):.2f} s"
    return [
        Figure("1,000 lines a second: the last line in sight", told, load(), "under 2 s behind", slowest < 2),
        smoothness("1,000 lines a second: frames", frames, has_target=False),
    ]
