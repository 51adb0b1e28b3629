"""What a person may wish for a job beside its code, data and config: in words, as notebooks and shells give them."""

from collections.abc import Collection, Mapping
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from proteinx.client.units import parse_duration, parse_size
from proteinx.contracts.datasets import ColumnNames
from proteinx.contracts.jobs import GIB, JobCreate, OnPartition, Resources
from proteinx.contracts.nearest import choices, hint


class BadWish(ValueError):
    """Names the wish at fault and, where it is mistyped, the nearest there is."""


class Columns(ColumnNames, extra="forbid"):
    """As people give them: a mistyped role is an error."""


class Wishes(BaseModel):
    """Sizes may be written `8G`, durations `12h`; `time_limit` may be `none`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    gpus: int = 0
    gpu_memory: int = 0
    gpu_share: bool = False
    cpus: float = 1.0
    memory: int = GIB
    nodes: int = 1
    labels: dict[str, str] = {}
    node_names: list[str] = []
    priority: int = 0
    preemptible: bool = True
    time_limit: float | None = 7 * 86400.0
    queue_limit: float | None = None
    on_partition: OnPartition = "continue"
    max_attempts: int = 5
    name: str | None = None
    experiment: str | None = None
    tags: dict[str, str] = {}
    notes: str = ""
    register_as: str | None = None
    project: str | None = None
    """The name under which local code is kept; without it the one in MLproject, else the folder's."""
    dataset: str | None = None
    """The name under which local data files are kept; without it the file's."""
    columns: Columns | None = None
    """Which columns of local tables hold what; without it they are found by their usual names."""

    @field_validator("gpu_memory", "memory", mode="before")
    @classmethod
    def _size(cls, value: object) -> object:
        return parse_size(value) if isinstance(value, str) else value

    @field_validator("time_limit", "queue_limit", mode="before")
    @classmethod
    def _duration(cls, value: object) -> object:
        if isinstance(value, str):
            return None if value.lower() == "none" else parse_duration(value)
        return value

    @classmethod
    def parse(cls, values: Mapping[str, Any], taken: Collection[str] = ()) -> Self:
        """`taken`: what the entry point takes by name, which may be what a mistyped key meant. Raises BadWish."""
        known = set(cls.model_fields)
        for key in values:
            if key not in known:
                what = f"{key!r} to wish for" if not taken else f"{key!r}: the entry point takes {choices(taken)}"
                also = "" if not taken else "to wish for "
                raise BadWish(f"There is no {what}; {also}there are: {choices(known)}.{hint(key, {*known, *taken})}")
        try:
            return cls.model_validate(dict(values))
        except ValidationError as error:
            raise _as_bad_wish(error) from error

    def apply(self, request: JobCreate) -> JobCreate:
        """The request with these wishes. Raises BadWish for one out of its bounds."""
        values = self.model_dump()
        wished = {key: values[key] for key in JobCreate.model_fields if values.get(key) is not None}
        wished |= {"time_limit": self.time_limit, "project": request.project}
        wished["resources"] = {key: values[key] for key in Resources.model_fields}
        try:
            return JobCreate.model_validate({**request.model_dump(), **wished})
        except ValidationError as error:
            raise _as_bad_wish(error) from error


def _as_bad_wish(error: ValidationError) -> BadWish:
    first = error.errors()[0]
    return BadWish(f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}")
