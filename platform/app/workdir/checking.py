"""Whether each file that the database names lies in the store, as it was put there.

Runs and jobs have one folder of artifacts, so this is also what MLflow shows. Nothing is changed: a file that is gone
comes back from a backup, or its dataset, checkpoint or job is given up by a person.
"""

import hashlib
import logging
import time
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import audit
from app.accounts.actor import SYSTEM
from app.errors import NotFound, Unavailable
from app.master import Master
from app.models import Artifact, Checkpoint, Dataset, DatasetVersion, Snapshot
from app.storage import keys
from proteinx.contracts.store import Holding, StoreCheck, StoreFault

log = logging.getLogger(__name__)

PAGE_SECONDS: Final = 10.0
"""A page ends after so long; the next goes on behind it."""
TURN_SECONDS: Final = 0.5
REST_SECONDS: Final = 24 * 3600.0
_MOST_FAULTS: Final = 1000
_NOTED: Final = 20


@dataclass(frozen=True, slots=True, order=True)
class Claim:
    """What the database says of one file. Of a snapshot's archive it knows neither size nor digest."""

    key: str
    size: int | None
    sha256: str | None
    what: Holding
    of: str


def page(master: Master, *, content: bool, cursor: str | None = None, seconds: float = PAGE_SECONDS) -> StoreCheck:
    """Files in the order of their keys, from behind `cursor`; with `content` each is read and hashed."""
    claims = _claims(master)
    behind = 0 if cursor is None else bisect_right(claims, cursor, key=lambda claim: claim.key)
    began = time.monotonic()  # not before: of many files, to have them all may take longer than a page's time
    files = size = 0
    last = ""
    found: dict[Claim, StoreFault] = {}
    following: str | None = None
    for claim in claims[behind:]:
        if files and (time.monotonic() - began > seconds or len(found) >= _MOST_FAULTS):
            following = last
            break
        last = claim.key
        files, size = files + 1, size + (claim.size or 0)
        fault = _fault(master, claim, content=content)
        if fault is not None:
            found[claim] = fault
    if found:  # what was removed meanwhile, by its rows first, is no fault
        still = set(_claims(master))
        found = {claim: fault for claim, fault in found.items() if claim in still}
    return StoreCheck(files=files, bytes=size, faults=list(found.values()), next=following)


class Looker:
    """Looks through all files by their size once a day, a little at a time: others wait for the same thread."""

    def __init__(self, master: Master) -> None:
        self._master = master
        self._cursor: str | None = None
        self._faults: list[StoreFault] = []
        self._rests_until = 0.0

    def turn(self) -> None:
        """At a round's end what is wrong goes to the log and the audit log. A workdir that is not there at all, such as
        a disk that is not mounted, is the health check's to tell."""
        if time.monotonic() < self._rests_until:
            return
        try:
            is_there = self._master.storage.require().is_dir()
        except Unavailable:
            is_there = False
        if not is_there:
            return
        part = page(self._master, content=False, cursor=self._cursor, seconds=TURN_SECONDS)
        self._faults += part.faults
        self._cursor = part.next
        if part.next is None:
            faults, self._faults = self._faults, []
            self._rests_until = time.monotonic() + REST_SECONDS
            _note(self._master, faults)


def _note(master: Master, faults: list[StoreFault]) -> None:
    for fault in faults[:_NOTED]:
        log.error("%s of %s is %s: %s", fault.what, fault.of, fault.state, fault.key, extra={"action": "store_fault"})
    if faults:
        detail = {"faults": len(faults), "first": [fault.model_dump(mode="json") for fault in faults[:_NOTED]]}
        with master.db.write() as session:
            audit.write(session, SYSTEM, "store.fault", "workdir", detail)


def _fault(master: Master, claim: Claim, *, content: bool) -> StoreFault | None:
    size = master.storage.size(claim.key)
    if size is None:
        return StoreFault(key=claim.key, what=claim.what, of=claim.of, state="missing")
    is_other = claim.size is not None and size != claim.size
    if not is_other and content and claim.sha256 is not None:
        is_other = _digest(master, claim.key) not in (claim.sha256, None)
    return StoreFault(key=claim.key, what=claim.what, of=claim.of, state="changed") if is_other else None


def _digest(master: Master, key: str) -> str | None:
    """None for a file that has gone since."""
    digest = hashlib.sha256()
    try:
        for piece in master.storage.read(key):
            digest.update(piece)
    except (NotFound, FileNotFoundError):
        return None
    return digest.hexdigest()


def _claims(master: Master) -> list[Claim]:
    with master.db.read() as session:
        return sorted({claim.key: claim for claim in _of_rows(session)}.values())


def _of_rows(session: Session) -> Iterator[Claim]:
    for job, path, size, sha256 in session.execute(
        select(Artifact.job_id, Artifact.path, Artifact.size, Artifact.sha256)
    ):
        yield Claim(f"{keys.artifacts(job)}/{path}", size, sha256, "artifact", job)
    for job, files in session.execute(select(Checkpoint.job_id, Checkpoint.files)):
        yield from (Claim(file["key"], file["size"], file["sha256"], "checkpoint", job) for file in files)
    versions = (
        select(Dataset.name, DatasetVersion.number, DatasetVersion.files)
        .join(Dataset, Dataset.id == DatasetVersion.dataset_id)
        .where(DatasetVersion.deleted_at.is_(None))
    )
    for name, number, files in session.execute(versions):
        yield from (Claim(file["key"], file["size"], file["sha256"], "dataset", f"{name}@{number}") for file in files)
    for digest in session.scalars(select(Snapshot.digest)):
        yield Claim(keys.snapshot(digest), None, None, "snapshot", digest)
