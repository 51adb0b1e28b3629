"""Says whether two runs of the same pins came to the same: bit for bit, within a tolerance, or not.

Standard library only: a copy of this file goes into every capsule.
"""

import fnmatch
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

BIT_EQUAL = "bit-equal"
WITHIN_TOLERANCE = "within tolerance"
DIFFERS = "differs"

RTOL = 1e-3
ATOL = 1e-6

VOLATILE_METRICS = ("system/*", "*seconds*", "*_per_second", "*time", "*duration*")
"""They measure the machine, not the result."""
VOLATILE_FILES = (
    "timings.json",
    "environment.json",
    "config.yaml",
    "model_card.md",
    "*.log",
    ".hydra/*",
    "*/.hydra/*",
    "MLmodel",
    "conda.yaml",
    "python_env.yaml",
    "requirements.txt",
    "registered_model_meta",
    "*.pyc",
)
"""They name places, times or runs."""

Points = Sequence[Sequence[float]]
"""(step, value) of each point of a metric, in the order in which they were logged."""


@dataclass
class Left:
    """What a run left: metrics point by point, and digests of its files by path."""

    metrics: Mapping[str, Points]
    files: Mapping[str, str]
    """A logged model's are below `model/`."""


@dataclass
class Verdict:
    verdict: str
    compared: int
    """How many metrics and files."""
    differences: list[str] = field(default_factory=list)
    """A sentence each, the weightiest first."""


def judge(first: Left, second: Left, rtol: float = RTOL, atol: float = ATOL) -> Verdict:
    """`within tolerance`: each metric's last value is within `atol + rtol * |first|`, though not all is equal."""
    far, near = _metrics(first.metrics, second.metrics, rtol, atol)
    files = _files(first.files, second.files)
    compared = len(_kept(first.metrics, VOLATILE_METRICS)) + len(_kept(first.files, VOLATILE_FILES))
    if far:
        return Verdict(DIFFERS, compared, far + near + files)
    if near or files:
        weights = [line for line in files if " is not there" in line]
        return Verdict(DIFFERS if weights else WITHIN_TOLERANCE, compared, near + files)
    if not compared:
        return Verdict(DIFFERS, 0, ["the first run left nothing that could be compared"])
    return Verdict(BIT_EQUAL, compared)


def _metrics(
    first: Mapping[str, Points], second: Mapping[str, Points], rtol: float, atol: float
) -> tuple[list[str], list[str]]:
    """Sentences on what is out of tolerance, and on what is unequal within it."""
    far: list[str] = []
    near: list[str] = []
    names = _kept(first, VOLATILE_METRICS)
    for name in sorted(names | _kept(second, VOLATILE_METRICS)):
        if not first.get(name) or not second.get(name):
            missing = "second" if first.get(name) else "first"
            far.append(f"the metric {name} is not there in the {missing} run")
            continue
        one, other = list(first[name]), list(second[name])
        if _same(one, other):
            continue
        last, repeated = float(one[-1][1]), float(other[-1][1])
        close = math.isclose(last, repeated, rel_tol=0, abs_tol=atol + rtol * abs(last)) or _both_nan(last, repeated)
        where = _first_difference(one, other)
        (near if close else far).append(f"{name}: {last!r} and {repeated!r} at the end; {where}")
    return far, near


def _same(one: Points, other: Points) -> bool:
    return len(one) == len(other) and all(
        a[0] == b[0] and (a[1] == b[1] or _both_nan(a[1], b[1])) for a, b in zip(one, other, strict=True)
    )


def _first_difference(one: Points, other: Points) -> str:
    for a, b in zip(one, other, strict=False):
        if a[0] != b[0] or (a[1] != b[1] and not _both_nan(a[1], b[1])):
            return f"they part at step {int(a[0])}"
    return f"{len(one)} points and {len(other)}"


def _both_nan(one: float, other: float) -> bool:
    return math.isnan(one) and math.isnan(other)


def _files(first: Mapping[str, str], second: Mapping[str, str]) -> list[str]:
    names = _kept(first, VOLATILE_FILES)
    lines = [f"the file {name} is not there in the second run" for name in sorted(names - set(second))]
    changed = [name for name in names & set(second) if first[name] != second[name]]
    weights_first = sorted(changed, key=lambda name: (not name.startswith("model/"), name))
    return lines + [f"the file {name} has other content" for name in weights_first]


def _kept(names: Mapping[str, object], volatile: Sequence[str]) -> set[str]:
    """A model's files are judged by their own names, wherever they lie in it."""
    return {
        name
        for name in names
        if not any(fnmatch.fnmatchcase(part, one) for one in volatile for part in (name, name.rsplit("/", 1)[-1]))
    }
