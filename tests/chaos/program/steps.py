"""A job without torch whose every byte follows from its parameters: log, metrics, checkpoints, artifacts.

The checks import the pure functions below, so what a job should have left is computed, not run. It also leaves stamps
in a folder outside the platform: who was at which step when, by the machine's monotonic clock.
"""

import contextlib
import hashlib
import json
import os
import signal
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

POISON = 7
"""Exit code of a job that fails by itself."""


def first_link(seed: int) -> bytes:
    return hashlib.sha256(b"seed %d" % seed).digest()


def next_link(link: bytes, step: int) -> bytes:
    return hashlib.sha256(link + b"step %d" % step).digest()


def line(step: int, link: bytes) -> bytes:
    """A log line; now and then a long one, which comes to the master in several pieces."""
    length = link[0] * (40 if link[1] < 16 else 1)
    return b"step %d %s %s\n" % (step, link.hex()[:12].encode(), b"." * length)


def opening(seed: int, first: int) -> bytes:
    return b"seed %d from step %d\n" % (seed, first)


def closing(link: bytes) -> bytes:
    return b"end %s\n" % link.hex().encode()


def result(link: bytes, size: int, rank: int) -> bytes:
    return hashlib.shake_256(link + b"rank %d" % rank).digest(size)


def summary(seed: int, steps: int, link: bytes) -> bytes:
    return json.dumps({"seed": seed, "steps": steps, "link": link.hex()}).encode()


class Job:
    def __init__(self, arguments: list[str]) -> None:
        self.seed, self.steps = int(float(arguments[0])), int(float(arguments[1]))
        self.pause, self.every = float(arguments[2]), int(float(arguments[3]))
        self.size, self.fail_at = int(float(arguments[4])), int(float(arguments[5]))
        self.rank = int(os.environ["PROTEINX_RANK"])
        self.attempt = int(os.environ["PROTEINX_ATTEMPT_NUMBER"])
        self.run_id = os.environ["PROTEINX_RUN_ID"]
        self.checkpoints = Path(os.environ["PROTEINX_CHECKPOINT_DIR"])
        self.stamps = Path(arguments[6]) / f"{self.run_id}.{self.rank}"
        self.told_to_end = False
        self.first, self.link = 0, first_link(self.seed)

    def run(self) -> int:
        signal.signal(signal.SIGTERM, self.on_term)
        self.stamp("begin", -1)
        self.resume()
        self.print(opening(self.seed, self.first))
        for step in range(self.first, self.steps):
            if step == self.fail_at:
                self.print(b"poison at step %d\n" % step)
                return POISON
            if self.told_to_end:
                self.save(step - 1)
                self.print(b"told to end before step %d\n" % step)
                return 1
            self.take(step)
        self.write_outputs()
        self.print(closing(self.link))
        self.stamp("end", self.steps)
        return 0

    def on_term(self, _: int, __: FrameType | None) -> None:
        self.told_to_end = True

    def take(self, step: int) -> None:
        self.link = next_link(self.link, step)
        self.print(line(step, self.link))
        if self.rank == 0:
            self.log_metric(step)
        self.stamp("step", step)
        if step % self.every == self.every - 1:
            self.save(step)
        time.sleep(self.pause)

    def print(self, text: bytes) -> None:
        """Straight to the file: what `write` took is there, whatever happens to this process."""
        while text:
            text = text[os.write(1, text) :]

    def stamp(self, what: str, step: int) -> None:
        text = f"{self.attempt} {what} {step} {time.monotonic():.6f} {os.getpid()}\n"
        with self.stamps.open("ab", buffering=0) as file:
            file.write(text.encode())

    def log_metric(self, step: int) -> None:
        body = {"run_id": self.run_id, "key": "count", "value": float(step), "step": step}
        request = urllib.request.Request(
            f"{os.environ['MLFLOW_TRACKING_URI']}/api/2.0/mlflow/runs/log-metric",
            json.dumps(body | {"timestamp": time.time_ns() // 1_000_000}).encode(),
            {
                "Content-Type": "application/json",
                "Authorization": f"Bearer {os.environ['MLFLOW_TRACKING_TOKEN']}",
            },
        )
        with urllib.request.urlopen(request, timeout=300) as reply:
            reply.read()

    # --- checkpoints ---

    def resume(self) -> None:
        folder = os.environ.get("PROTEINX_RESUME_DIR")
        if folder is None:
            return
        [manifest] = Path(folder).glob("*.manifest.json")
        [name] = json.loads(manifest.read_bytes())["files"]
        state = json.loads((Path(folder) / name).read_bytes())
        self.first, self.link = state["step"] + 1, bytes.fromhex(state["link"])

    def save(self, step: int) -> None:
        if self.rank != 0 or step < 0:
            return
        name = f"step-{step}.json"
        put(self.checkpoints / name, json.dumps({"step": step, "link": self.link.hex()}).encode())
        manifest = {"step": step, "epoch": None, "files": [name], "metric": None, "best": False}
        put(self.checkpoints / f"step-{step}.manifest.json", json.dumps(manifest).encode())
        self.stamp("save", step)

    def write_outputs(self) -> None:
        outputs = Path(os.environ["PROTEINX_OUTPUT_DIR"])
        put(outputs / f"result-{self.rank}.bin", result(self.link, self.size, self.rank))
        if self.rank == 0:
            (outputs / "notes").mkdir(exist_ok=True)
            put(outputs / "notes" / "summary.json", summary(self.seed, self.steps, self.link))


def put(path: Path, content: bytes) -> None:
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    part.rename(path)


@contextlib.contextmanager
def saying_what_the_disk_said() -> Iterator[None]:
    """A traceback names files of the job's own folder, which no check could foresee; one line will do."""
    try:
        yield
    except OSError as error:
        os.write(2, b"\nthe disk: %s\n" % (error.strerror or "?").encode())
        os._exit(1)


if __name__ == "__main__":
    with saying_what_the_disk_said():
        sys.exit(Job(sys.argv[1:]).run())
