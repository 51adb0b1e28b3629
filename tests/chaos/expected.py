"""What an undisturbed run of a planned job leaves, computed from its parameters."""

import hashlib
import re
from functools import lru_cache

from tests.chaos.plan import JobPlan
from tests.chaos.program import steps

_ENDINGS = (b"told to end before step ", b"poison at step ", b"\nthe disk: ")
"""What a job says last where it does not come to its end."""


@lru_cache(maxsize=512)
def links(seed: int, count: int) -> list[bytes]:
    """The link after each of the first `count` steps."""
    link, found = steps.first_link(seed), []
    for step in range(count):
        link = steps.next_link(link, step)
        found.append(link)
    return found


def artifacts(job: JobPlan) -> dict[str, str]:
    """Path -> SHA-256."""
    link = links(job.seed, job.steps)[-1]
    contents = {f"result-{rank}.bin": steps.result(link, job.size, rank) for rank in range(job.nodes)}
    contents["notes/summary.json"] = steps.summary(job.seed, job.steps, link)
    return {path: hashlib.sha256(content).hexdigest() for path, content in contents.items()}


def whole_log(job: JobPlan, first: int) -> bytes:
    known = links(job.seed, job.steps)
    lines = b"".join(steps.line(step, known[step]) for step in range(first, job.steps))
    return steps.opening(job.seed, first) + lines + steps.closing(known[-1])


def first_step(log: bytes) -> int | None:
    """Where an attempt began, as its first line says; None while there is no whole line."""
    match = re.match(rb"seed \d+ from step (\d+)\n", log)
    return int(match.group(1)) if match else None


def wrong_with_log(job: JobPlan, log: bytes, *, whole: bool) -> str | None:
    """A log is what the job wrote from its first byte on without a gap; a finished attempt's is all of it."""
    first = first_step(log)
    if first is None:
        cut = not whole and steps.opening(job.seed, 0)[: log.find(b"from")].startswith(log[: log.find(b"from")])
        return None if cut else f"begins with {log[:60]!r}"
    right = whole_log(job, first)
    if whole:
        return None if log == right else f"is not what the job wrote: {_difference(log, right)}"
    same = _common(log, right)
    rest = log[same:]
    if not rest or (same < len(right) and _is_ending(rest)):
        return None
    return f"is not the beginning of what the job wrote: {_difference(log, right)}"


def _is_ending(rest: bytes) -> bool:
    """Or the beginning of one: an attempt may be given up before all of its log has arrived."""
    return any(
        head.startswith(rest[: len(head)]) and re.fullmatch(rb"[ -~]*\n?", rest[len(head) :]) for head in _ENDINGS
    )


def _common(one: bytes, other: bytes) -> int:
    if other.startswith(one):
        return len(one)
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _difference(log: bytes, right: bytes) -> str:
    at = _common(log, right)
    return f"at byte {at} of {len(log)} ({len(right)}) {log[at : at + 60]!r} instead of {right[at : at + 60]!r}"
