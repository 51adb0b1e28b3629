"""What a look through the store finds."""

from typing import Literal

from pydantic import BaseModel

Holding = Literal["artifact", "checkpoint", "dataset", "snapshot"]


class StoreFault(BaseModel):
    """A file that is not what the database says of it."""

    key: str
    """Its path below the workdir."""
    what: Holding
    of: str
    """The job's id, `name@version` of the dataset, or the snapshot's digest."""
    state: Literal["missing", "changed"]


class StoreCheck(BaseModel):
    """One page of a look through the store."""

    files: int
    bytes: int
    """Of the files looked at, by the database."""
    faults: list[StoreFault]
    next: str | None
    """Where the next page begins; null when all have been looked at."""
