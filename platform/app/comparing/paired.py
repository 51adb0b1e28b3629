"""The paired test of two runs, on the predictions that their evaluations left; a process of its own reads them."""

import hashlib
import json
import logging
import threading
from pathlib import Path
from typing import Any, Final

from sqlalchemy.orm import Session

from app.datasets.derived import kept
from app.errors import NotFound, Unprocessable
from app.limited import GIB, Limits, TimeoutExpiredError, run_python
from app.master import Master
from app.models import Artifact, Job
from app.settings import REPOSITORY
from app.storage import keys
from proteinx.contracts.runs import PairedTest

log = logging.getLogger(__name__)

PREDICTIONS: Final = "predictions.parquet"
_LIMITS: Final = Limits(seconds=120, memory=4 * GIB)
_REFUSED: Final = 3
_TURNS: Final = threading.BoundedSemaphore(2)
"""A page asks for many pairs at once; each takes a core for a second or more."""


def test(master: Master, first: str, second: str, split: str) -> PairedTest:
    """Kept by the content of both files, so that the same pair is computed once.

    Raises NotFound for a job; Unprocessable("no_predictions") where one has left none, and with the library's code
    where the two have not answered the same question on the same rows.
    """
    with master.db.read() as session:
        hashes = [_hash(session, job_id) for job_id in (first, second)]
    digest = hashlib.sha256(json.dumps([*hashes, split, 1]).encode()).hexdigest()[:40]
    path = kept(master, f"{digest}.paired", lambda target: _compute(master, first, second, split=split, target=target))
    found: dict[str, Any] = json.loads(path.read_bytes())
    return PairedTest(first=first, second=second, split=split, **found)


def _hash(session: Session, job_id: str) -> str:
    if session.get(Job, job_id) is None:
        raise NotFound("unknown_job", f"There is no job {job_id}.")
    artifact = session.get(Artifact, (job_id, PREDICTIONS))
    if artifact is None:
        detail = f"Job {job_id[:12]} left no {PREDICTIONS}: a paired test needs a run with an evaluation."
        raise Unprocessable("no_predictions", detail)
    return artifact.sha256


def _compute(master: Master, first: str, second: str, *, split: str, target: Path) -> None:
    files = [f"{keys.artifacts(job_id)}/{PREDICTIONS}" for job_id in (first, second)]
    with _TURNS, master.storage.as_file(files[0]) as one, master.storage.as_file(files[1]) as other:
        command = ["-P", "-s", "-m", "proteinlab.predictions", f"--split={split}", "--", str(one), str(other)]
        try:
            done = run_python(command, _LIMITS, environment={"PYTHONPATH": str(REPOSITORY / "src")})
        except TimeoutExpiredError as error:
            raise Unprocessable("check_timeout", f"The two runs were not compared: {error}.") from error
    if done.returncode == _REFUSED:
        refusal = json.loads(done.stdout)
        raise Unprocessable(refusal["code"], _named(refusal["detail"], one, first, other=other, second=second))
    if done.returncode != 0:
        log.error("comparing %s and %s ended with %s: %s", first, second, done.returncode, done.stderr[-2000:].decode())
        raise Unprocessable("check_failed", f"The {PREDICTIONS} of the two runs can't be compared: one is damaged.")
    target.write_bytes(done.stdout)


def _named(detail: str, one: Path, first: str, *, other: Path, second: str) -> str:
    """The library speaks of files, people know jobs."""
    return detail.replace(str(one), first[:12]).replace(str(other), second[:12])
