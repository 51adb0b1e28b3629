"""Log line printed -> seen by a follower, beside a plain `tail -f` of a file by hand."""

import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from benchmarks import projects
from benchmarks.figures import Figure, percentile
from proteinx.contracts.live import LogMessage
from tests.integration.harness import Lab

TARGET: Final = 0.3
_SAID: Final = re.compile(r"said at ([\d.]+)\n")


def measure(lab: Lab) -> list[Figure]:
    projects.send(lab, "talker")
    worker = lab.agent()
    delays = list(_delays(_followed(lab, projects.submit(lab, "talker"))))
    lab.remove(worker)
    plain = list(_delays(_tailed()))
    p95 = percentile(delays, 95)
    return [
        Figure(
            f"log line to follower, p95 of {len(delays)}",
            f"{p95 * 1000:.0f} ms (median {percentile(delays, 50) * 1000:.0f})",
            f"tail -f on the spot {percentile(plain, 95) * 1000:.0f} ms",
            f"under {TARGET * 1000:.0f} ms",
            p95 < TARGET,
        )
    ]


def _followed(lab: Lab, job_id: str) -> Iterator[str]:
    return (message.text for message in lab.member.follow(job_id) if isinstance(message, LogMessage))


def _tailed() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "output"
        with path.open("wb") as output:
            talker = subprocess.Popen([sys.executable, str(projects.HERE / "talker" / "talk.py")], stdout=output)
        tail = subprocess.Popen(
            ["tail", "-n", "+1", "-f", f"--pid={talker.pid}", str(path)], stdout=subprocess.PIPE, text=True
        )
        assert tail.stdout is not None
        threading.Thread(target=talker.wait).start()  # tail ends once the talker is gone, and a zombie is not
        yield from tail.stdout
        tail.wait()


def _delays(pieces: Iterable[str]) -> Iterator[float]:
    """Of each whole line, from when it was said to now."""
    rest = ""
    for piece in pieces:
        seen = time.time()
        rest += piece
        for found in _SAID.finditer(rest):
            yield seen - float(found.group(1))
        rest = rest[rest.rfind("\n") + 1 :]
