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
from typing import Final
from urllib.parse import urlsplit

from benchmarks.crowd import NODES, Crowd, populate
from benchmarks.figures import Figure, percentile
from tests.integration.harness import Master
from tests.integration.processes import clean_environment

BEAT: Final = 10.0
SECONDS: Final = 60.0
WARM_UP: Final = 10.0
PAGES_A_SECOND: Final = 2.0
PATIENCE: Final = 30.0
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
    start = time.monotonic() + 1.0
    lives = [_node(url, crowd, index, start, measured) for index in range(len(crowd.tokens))]
    await asyncio.gather(*lives, _person(url, crowd, start, measured))
    return measured


async def _node(url: str, crowd: Crowd, index: int, start: float, measured: Measured) -> None:
    """As the agent does: the next beat comes an interval after the last one's answer."""
    rng = random.Random(index)
    body = crowd.beats[index].encode()
    request = _request("POST", "/api/nodes/heartbeat", crowd.tokens[index], body)
    await asyncio.sleep(start + rng.random() * BEAT - time.monotonic())
    while time.monotonic() < start + WARM_UP + SECONDS:
        began = time.monotonic()
        problem = await _ask(url, request)
        if problem:
            measured.lost += 1
            measured.reasons[problem] = measured.reasons.get(problem, 0) + 1
        elif began >= start + WARM_UP:
            measured.beats.append(time.monotonic() - began)
        await asyncio.sleep(BEAT * rng.uniform(0.9, 1.1))


async def _person(url: str, crowd: Crowd, start: float, measured: Measured) -> None:
    """Looks at the list of jobs, and filters it."""
    rng = random.Random(1)
    requests = [
        _request("GET", f"/api/jobs?limit=50{query}", crowd.user_token)
        for query in ("", "&state=running", "&state=pending", "&owner=user3")
    ]
    await asyncio.sleep(start - time.monotonic())
    while time.monotonic() < start + WARM_UP + SECONDS:
        began = time.monotonic()
        problem = await _ask(url, rng.choice(requests))
        if problem:  # its time counts: that of a person who waited in vain
            measured.reasons[problem] = measured.reasons.get(problem, 0) + 1
        if began >= start + WARM_UP:
            measured.pages.append(time.monotonic() - began)
        await asyncio.sleep(1 / PAGES_A_SECOND)


def _request(method: str, path: str, token: str, body: bytes = b"") -> bytes:
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Authorization: Bearer {token}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        "Connection: close",
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def _ask(url: str, request: bytes) -> str:
    """What is wrong with the answer, if anything is. Plain sockets: a real client would cost more than the master."""
    address = urlsplit(url)
    try:
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_connection(address.hostname, address.port)
            writer.write(request)
            answer = await reader.read(-1)
            writer.close()
    except (OSError, TimeoutError) as error:
        return repr(error)[:80]
    status, _, rest = answer.partition(b"\r\n")
    return "" if b" 200 " in status + b" " else f"{status.decode()} {rest[-80:].decode(errors='replace')}"


def main(url: str, source: str, target: str) -> None:
    crowd = Crowd.model_validate_json(Path(source).read_bytes())
    measured = asyncio.run(_live(url, crowd))
    Path(target).write_text(json.dumps(asdict(measured)))


if __name__ == "__main__":
    main(*sys.argv[1:])
