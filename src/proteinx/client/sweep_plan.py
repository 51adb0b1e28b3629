"""A sweep as people write it: `lr=1e-4:1e-2`, `model=cnn,transformer`, or the same in a YAML file.

project: protein
inputs: {data: gb1}
overrides: [trainer.max_epochs=20]
space:
  model: [cnn, transformer]
  optimizer.lr: {low: 1e-4, high: 1e-2, log: true}
metric: val_spearman
direction: maximize
pruner: asha
max_trials: 30
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import ValidationError

from proteinx.client.units import parse_duration
from proteinx.client.wishes import Wishes
from proteinx.contracts.jobs import JobCreate
from proteinx.contracts.nearest import choices, hint
from proteinx.contracts.sweeps import Dimension, SweepCreate

_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_OF_SWEEP: Final = frozenset(SweepCreate.model_fields) - {"job", "idempotency_key"}
_OF_JOB: Final = frozenset(JobCreate.model_fields) - {"name", "resources", "idempotency_key", "parent_run"}
_WISHES: Final = frozenset(Wishes.model_fields) - {"name", "project", "dataset", "columns"}


class BadSweep(ValueError):
    """Says what can't be read, and how it is written."""


def dimensions(grid: Iterable[str] = (), linear: Iterable[str] = (), log: Iterable[str] = ()) -> dict[str, Dimension]:
    """The space of `key=a,b,c`, `key=low:high[:step]` and, for `log`, `key=low:high`. Raises BadSweep."""
    space: dict[str, Dimension] = {}
    kinds = [*((text, False, False) for text in grid), *((text, True, False) for text in linear)]
    for text, is_range, is_log in [*kinds, *((text, True, True) for text in log)]:
        key, sign, value = text.partition("=")
        if not sign or not key or not value:
            raise BadSweep(f"{text!r} must read like model=cnn,transformer or lr=1e-4:1e-2.")
        if key in space:
            raise BadSweep(f"{key} is given twice.")
        space[key] = _range(key, value, is_log) if is_range else _dimension(key, value.split(","))
    return space


def _range(key: str, text: str, is_log: bool) -> Dimension:
    numbers = [number(part) for part in text.split(":")]
    if len(numbers) not in (2, 3) or any(isinstance(value, str) for value in numbers):
        raise BadSweep(f"{key}={text} is no range; write {key}=LOW:HIGH or {key}=LOW:HIGH:STEP, in numbers.")
    whole = all(isinstance(value, int) for value in numbers)
    step = numbers[2] if len(numbers) == 3 else None
    return _dimension(key, {"low": numbers[0], "high": numbers[1], "step": step, "log": is_log, "integer": whole})


def number(text: Any) -> Any:
    """Text that is a number as one, true and false as such; anything else as it is.

    YAML takes `1e-4` for text, since it has no point.
    """
    if not isinstance(text, str):
        return text
    stripped = text.strip()
    if stripped in ("true", "false"):
        return stripped == "true"
    if not _NUMBER.fullmatch(stripped):
        return stripped
    return int(stripped) if re.fullmatch(r"[+-]?\d+", stripped) else float(stripped)


def _dimension(key: str, given: Any) -> Dimension:
    """From a list of values, or the mapping that `Dimension` describes."""
    if isinstance(given, Dimension):
        return given
    if isinstance(given, Mapping):
        fields = {name: number(value) for name, value in given.items() if name != "values"}
        if "values" in given:
            fields["values"] = [number(value) for value in given["values"]]
    elif isinstance(given, list | tuple):
        fields = {"values": [number(value) for value in given]}
    else:
        raise BadSweep(f"space.{key}: give a list of values, or low and high.")
    try:
        return Dimension.model_validate(fields)
    except ValidationError as error:
        raise _told(error, f"space.{key}") from error


def plan(job: JobCreate, values: Mapping[str, Any]) -> SweepCreate:
    """`values` as the fields of a SweepCreate are called; lists stand for values, `max_time: 12h` for max_seconds.

    Raises BadSweep naming what is wrong.
    """
    fields = dict(values)
    if "max_time" in fields:
        fields["max_seconds"] = _seconds(fields.pop("max_time"))
    for key in fields:
        if key not in _OF_SWEEP:
            raise BadSweep(f"A sweep has no {key!r}; it has: {choices(_OF_SWEEP)}.{hint(key, _OF_SWEEP)}")
    space = fields.get("space") or {}
    if not isinstance(space, Mapping):
        raise BadSweep("space: give key -> values.")
    fields["space"] = {str(key): _dimension(str(key), given) for key, given in space.items()}
    try:
        return SweepCreate.model_validate({**fields, "job": job})
    except ValidationError as error:
        raise _told(error, "") from error


def read(path: Path) -> SweepCreate:
    """A YAML file. Raises BadSweep, BadWish, OSError."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise BadSweep(f"{path} is no YAML: {error}") from error
    if not isinstance(content, dict):
        raise BadSweep(f"{path} holds no sweep; `px sweep create --help` shows what one looks like.")
    return from_mapping(content)


def from_mapping(content: Mapping[str, Any]) -> SweepCreate:
    known = _OF_SWEEP | _OF_JOB | _WISHES | {"max_time"}
    unknown = [str(key) for key in content if key not in known]
    if unknown:
        raise BadSweep(f"A sweep has no {unknown[0]!r}; it has: {choices(known, 60)}.{hint(unknown[0], known)}")
    sweep = {key: value for key, value in content.items() if key in _OF_SWEEP or key == "max_time"}
    wishes = {key: value for key, value in content.items() if key in _WISHES}
    plain = {key: value for key, value in content.items() if key in _OF_JOB and key not in _WISHES}
    if "project" not in plain:
        raise BadSweep("project: which project's job is swept?")
    plain["parameters"] = {str(key): str(value) for key, value in (plain.get("parameters") or {}).items()}
    try:
        job = Wishes.parse(wishes).apply(JobCreate.model_validate(plain))
    except ValidationError as error:
        raise _told(error, "") from error
    return plan(job, sweep)


def merged(request: SweepCreate, changes: Mapping[str, Any]) -> SweepCreate:
    """The request with other values; keys of the space are added to those there are. Raises BadSweep."""
    space = {**request.space, **changes.get("space", {})}
    own = {key: getattr(request, key) for key in request.model_fields_set - {"job"}}
    return plan(request.job, {**own, **changes, "space": space})


def _seconds(value: Any) -> float:
    try:
        return parse_duration(value) if isinstance(value, str) else float(value)
    except ValueError as error:
        raise BadSweep(f"max_time: {error}") from error


def _told(error: ValidationError, place: str) -> BadSweep:
    first = error.errors()[0]
    path = ".".join(part for part in (place, *(str(part) for part in first["loc"])) if part)
    return BadSweep(f"{path}: {str(first['msg']).removeprefix('Value error, ')}")
