"""A thousand nodes that beat every ten seconds and ten thousand jobs, on SQLite: is the master still quick?

The nodes are simulated, all else is real: one uvicorn process with its scheduler, entered over HTTP from another one.
"""

import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx

from benchmarks.crowd import NODES, Crowd, populate
from benchmarks.figures import Figure, percentile
from tests.integration.harness import Master
from tests.integration.processes import clean_environment

BEAT: Final = 10.0
SECONDS: Final = 60.0
WARM_UP: Final = 10.0
PAGES_A_SECOND: Final = 2.0
BEAT_TARGET, PAGE_TARGET = 0.05, 0.1


@dataclass
class Measured:
    beats: list[float] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)
    lost: int = 0
    reasons: dict[str, int] = field(default_factory=dict)


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="proteinx-scale-") as name:
        folder = Path(name)
        database = os.environ.get("PROTEINX_BENCH_DATABASE_URL")
        master = Master(folder, **({"PROTEINX_DATABASE_URL": database} if database else {}))
        crowd = populate(database or f"sqlite:///{master.home / 'state' / 'proteinx.db'}", master.home / "state")
        master.start()
        try:
            measured = _in_a_process_of_its_own(folder, master.url, crowd)
        finally:
            master.terminate()
    return _figures(measured, "PostgreSQL" if database else "SQLite")


def _figures(measured: Measured, database: str) -> list[Figure]:
    def told(values: list[float]) -> str:
        return f"p50 {percentile(values, 50) * 1000:.0f} ms, p99 {percentile(values, 99) * 1000:.0f} ms, {len(values)}"

    beats, pages = percentile(measured.beats, 99), percentile(measured.pages, 99)
    reasons = ", ".join(f"{count} x {reason}" for reason, count in measured.reasons.items())
    return [
        Figure(
            f"heartbeat, {NODES} nodes each {BEAT:g} s, 10,000 jobs, {database}",
            told(measured.beats), "", f"p99 {BEAT_TARGET * 1000:g} ms", beats <= BEAT_TARGET,
        ),
        Figure("heartbeats lost", str(measured.lost), reasons, "0", measured.lost == 0),
        Figure(
            "GET /api/jobs, a page of 50, meanwhile",
            told(measured.pages), "", f"p99 {PAGE_TARGET * 1000:g} ms", pages <= PAGE_TARGET,
        ),
    ]  # fmt: skip


def _in_a_process_of_its_own(folder: Path, url: str, crowd: Crowd) -> Measured:
    """So that what it costs to simulate a thousand nodes does not stand in the master's way, nor in the clock's."""
    (folder / "crowd.json").write_text(crowd.model_dump_json())
    command = [sys.executable, "-m", "benchmarks.scale", url, str(folder / "crowd.json"), str(folder / "measured.json")]
    subprocess.run(command, check=True, env=clean_environment())
    return Measured(**json.loads((folder / "measured.json").read_bytes()))


# --- the crowd's side ---


async def _live(url: str, crowd: Crowd) -> Measured:
    measured = Measured()
    limits = httpx.Limits(max_connections=200, max_keepalive_connections=200)
    async with httpx.AsyncClient(base_url=url, limits=limits, timeout=30.0) as client:
        start = time.monotonic() + 1.0
        lives = [_node(client, crowd, index, start, measured) for index in range(len(crowd.tokens))]
        await asyncio.gather(*lives, _person(client, crowd, start, measured))
    return measured


async def _node(client: httpx.AsyncClient, crowd: Crowd, index: int, start: float, measured: Measured) -> None:
    rng = random.Random(index)
    body = crowd.beats[index].encode()
    headers = {"Authorization": f"Bearer {crowd.tokens[index]}", "Content-Type": "application/json"}
    due = start + rng.random() * BEAT
    while due < start + WARM_UP + SECONDS:
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        began = time.monotonic()
        try:
            reply = await client.post("/api/nodes/heartbeat", content=body, headers=headers)
            problem = "" if reply.status_code == 200 else f"{reply.status_code} {reply.text[:80]}"
        except httpx.TransportError as error:
            problem = repr(error)
        if problem:
            measured.lost += 1
            measured.reasons[problem] = measured.reasons.get(problem, 0) + 1
        elif began >= start + WARM_UP:
            measured.beats.append(time.monotonic() - began)
        due += BEAT * rng.uniform(0.9, 1.1)


async def _person(client: httpx.AsyncClient, crowd: Crowd, start: float, measured: Measured) -> None:
    """Looks at the list of jobs, its next pages, and filters."""
    rng = random.Random(1)
    queries: list[dict[str, Any]] = [{}, {"state": "running"}, {"state": "pending"}, {"owner": "user3"}]
    headers = {"Authorization": f"Bearer {crowd.user_token}"}
    due = start
    while due < start + WARM_UP + SECONDS:
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        began = time.monotonic()
        try:
            reply = await client.get("/api/jobs", params={"limit": 50, **rng.choice(queries)}, headers=headers)
            reply.raise_for_status()
        except httpx.HTTPError as error:  # its time counts: that of a person who waited in vain
            measured.reasons[repr(error)] = measured.reasons.get(repr(error), 0) + 1
        if began >= start + WARM_UP:
            measured.pages.append(time.monotonic() - began)
        due += 1 / PAGES_A_SECOND


def main(url: str, source: str, target: str) -> None:
    crowd = Crowd.model_validate_json(Path(source).read_bytes())
    measured = asyncio.run(_live(url, crowd))
    Path(target).write_text(json.dumps(asdict(measured)))


if __name__ == "__main__":
    main(*sys.argv[1:])
