"""Points of a sweep's space, and the job that tries one."""

import re
from collections.abc import Collection, Iterator, Mapping
from itertools import product
from math import prod
from typing import Final

from proteinx.contracts.jobs import JobCreate
from proteinx.contracts.sweeps import MAX_TRIALS, Dimension, Point, SweepCreate, Value

DEFAULT_TRIALS: Final = 20
_PLAIN: Final = re.compile(r"[A-Za-z_][\w./+-]*")
_WORDS: Final = frozenset({"null", "true", "false", "inf", "nan"})
"""That Hydra would not read as text."""


def size(space: Mapping[str, Dimension]) -> int | None:
    """How many points there are; None where a range has no steps."""
    lengths = [dimension.points() for dimension in space.values()]
    return None if None in lengths else prod(len(values) for values in lengths if values is not None)


def grid(space: Mapping[str, Dimension]) -> Iterator[Point]:
    """All points, the last key's values changing fastest. Raises ValueError naming a key that has no end."""
    columns: list[list[Value]] = []
    for key, dimension in space.items():
        values = dimension.points()
        if values is None:
            raise ValueError(key)
        columns.append(values)
    return (dict(zip(space, values, strict=True)) for values in product(*columns))


def budget(plan: SweepCreate) -> int:
    """How many trials the search has at most: no point of a space that has an end is tried twice."""
    wanted = plan.max_trials or (MAX_TRIALS if plan.sampler == "grid" else DEFAULT_TRIALS)
    there = size(plan.space)
    return wanted if there is None else min(wanted, there)


def probes(space: Mapping[str, Dimension]) -> Iterator[tuple[str, Point]]:
    """Points that together show each key's values, or both ends of its range, with the key that each is for."""
    ends = {key: _ends(dimension) for key, dimension in space.items()}
    base: Point = {key: values[0] for key, values in ends.items()}
    yield next(iter(space)), base
    for key, values in ends.items():
        for value in values[1:]:
            yield key, {**base, key: value}


def _ends(dimension: Dimension) -> list[Value]:
    if dimension.values is not None:
        return dimension.values
    ends = [value for value in (dimension.low, dimension.high) if value is not None]
    return [int(value) if dimension.integer else value for value in ends]


def request(plan: SweepCreate, parameters: Collection[str], point: Point, name: str) -> JobCreate:
    """The job for a point: keys that the entry point declares are its parameters, all others Hydra's.

    Trials register no model; the sweep registers its best one's at the end.
    """
    job = plan.job
    given = {key: text(value) for key, value in point.items() if key in parameters}
    overrides = [f"{key}={quoted(value)}" for key, value in point.items() if key not in parameters]
    return job.model_copy(
        update={
            "name": name[:200],
            "parameters": {**job.parameters, **given},
            "overrides": [*job.overrides, *overrides],
            "register_as": None,
            "idempotency_key": None,
        }
    )


def seeded(plan: SweepCreate, parameters: Collection[str], job: JobCreate, seed: int) -> JobCreate:
    """The job with the seed of a final."""
    if plan.seed_key in parameters:
        return job.model_copy(update={"parameters": {**job.parameters, plan.seed_key: str(seed)}})
    return job.model_copy(update={"overrides": [*job.overrides, f"{plan.seed_key}={seed}"]})


def text(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def quoted(value: Value) -> str:
    """As Hydra reads it back: text that could be anything else goes in quotes."""
    if not isinstance(value, str) or (_PLAIN.fullmatch(value) and value.lower() not in _WORDS):
        return text(value)
    backslashes_doubled = re.sub(r"(\\*)'", r"\1\1\\'", value)
    trailing = re.search(r"\\*$", backslashes_doubled)
    return f"'{backslashes_doubled}{trailing[0] if trailing else ''}'"
