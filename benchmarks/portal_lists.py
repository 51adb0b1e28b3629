"""Lists of ten thousand jobs and a thousand machines, and five hundred runs beside each other."""

import json
import sqlite3
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import httpx
from playwright.sync_api import Page

from benchmarks.browsing import answers_to, duration, frames_while, quickness, scroll, smoothness, timed
from benchmarks.figures import Figure
from tests.integration.harness import Lab

JOBS: Final = 10_000
NODES: Final = 1_000
RUNS: Final = 500
METRICS: Final = 200
TRIES: Final = 5


def multiply(database: Path, job: str) -> list[str]:
    """Copies one job's row and one machine's, under a master that runs: lists are measured, not how they come about.

    Every tenth job or so has metrics; returns the ids of as many as are compared.
    """
    metrics = json.dumps({f"test_metric_{number}": number / 7 for number in range(METRICS)})
    with sqlite3.connect(database, timeout=30) as connection:
        jobs = [
            {"id": uuid.uuid4().hex, "name": f"job {number}", "idempotency_key": None}
            | ({"metrics": metrics} if number < RUNS else {})
            for number in range(JOBS)
        ]
        _copy(connection, "jobs", f"id = '{job}'", jobs)
        at = datetime.now(UTC).replace(tzinfo=None).isoformat(sep=" ")
        nodes = [
            {"id": uuid.uuid4().hex[:16], "name": f"machine-{number}", "removed_at": None, "last_heartbeat_at": at}
            for number in range(NODES)
        ]
        _copy(connection, "nodes", "1 LIMIT 1", nodes)
    return [str(one["id"]) for one in jobs[:RUNS]]


def _copy(connection: sqlite3.Connection, table: str, condition: str, changes: list[dict[str, Any]]) -> None:
    cursor = connection.execute(f"SELECT * FROM {table} WHERE {condition}")
    names = [column[0] for column in cursor.description]
    row = dict(zip(names, cursor.fetchone(), strict=True))
    marks = ", ".join(f":{name}" for name in names)
    connection.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", [row | one for one in changes])


def jobs(page: Page) -> list[Figure]:
    rows = page.get_by_role("row").filter(has_text="job ")
    opened = timed(lambda: page.goto("/jobs"), rows.first.wait_for)
    one = page.get_by_role("link", name="job 4321", exact=True)
    filtered = timed(lambda: page.get_by_label("Search", exact=True).fill("job 4321"), one.wait_for)
    page.get_by_label("Search", exact=True).fill("")
    rows.nth(20).wait_for()
    page.mouse.move(640, 500)
    frames = frames_while(page, lambda: scroll(page, 500))
    return [
        duration(f"list of {JOBS:,} jobs: opened", [opened], 1.0),
        duration("list of jobs: filtered, with the pause for typing", [filtered], 0.45),
        smoothness("list of jobs: scrolling", frames, has_target=False),
        quickness("list of jobs: keys and clicks", answers_to(page, lambda: _use(page, "Search"))),
    ]


def nodes(page: Page) -> list[Figure]:
    rows = page.get_by_role("row").filter(has_text="machine-")
    opened = timed(lambda: page.goto("/nodes"), rows.first.wait_for)
    page.mouse.move(640, 500)
    frames = frames_while(page, lambda: scroll(page, 500))
    return [
        duration(f"list of {NODES:,} machines: opened", [opened], 1.0),
        smoothness("list of machines: scrolling", frames, has_target=False),
        quickness("list of machines: keys and clicks", answers_to(page, lambda: _use(page, None))),
    ]


def _use(page: Page, search: str | None) -> None:
    """As a person does: down the list by key, a row marked, a word typed."""
    for key in ("j", "j", "j", "k", "x", "x", "j", "k"):
        page.keyboard.press(key)
        page.wait_for_timeout(60)
    if search is not None:
        field = page.get_by_label(search, exact=True)
        field.click()
        field.press_sequentially("job 77", delay=60)
        page.wait_for_timeout(600)
        field.fill("")


def compared(page: Page, lab: Lab, ids: list[str]) -> list[Figure]:
    headers = {"Authorization": f"Bearer {lab.member_token}"}
    asked = {"ids": ",".join(ids)}

    def ask() -> None:
        reply = httpx.get(f"{lab.master.url}/api/runs/compare", params=asked, headers=headers, timeout=60)
        assert reply.status_code == 200, reply.text
        assert len(reply.json()) == RUNS

    answered = [timed(ask, lambda: None) for _ in range(TRIES)]
    hundred = json.dumps(ids[:100])
    table = page.get_by_role("region", name="Metrics", exact=True)
    shown = timed(lambda: page.goto(f"/compare?jobs={hundred}"), lambda: table.get_by_role("row").nth(100).wait_for())
    return [
        duration(f"{RUNS} runs with {METRICS} metrics: the master's answer", answered, 2.0),
        duration(f"100 runs with {METRICS} metrics: compared on the page", [shown], 2.0),
    ]
