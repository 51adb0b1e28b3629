"""What a job left, by content: its artifacts and the files of the model that its run logged. For comparing two jobs."""

import hashlib
from typing import Final

from app.errors import NotFound
from app.jobs import artifacts
from app.master import Master
from app.storage import keys
from proteinx.contracts.jobs import Fingerprint

MAX_FILES: Final = 5000


def fingerprint(master: Master, job_id: str) -> Fingerprint:
    """SHA-256 by path; what the agent committed is known, the rest is read now. Raises NotFound."""
    with master.db.read() as session:
        artifacts.require_job(session, job_id)
        listed = artifacts.listing(session, master, job_id)[:MAX_FILES]
    prefix = keys.artifacts(job_id)
    left = {item.path: item.sha256 or _digest(master, f"{prefix}/{item.path}") for item in listed}
    return Fingerprint(artifacts=left, model=_model(master, job_id))


def _model(master: Master, job_id: str) -> dict[str, str]:
    try:
        prefix = master.tracking.logged_model_prefix(job_id)
    except NotFound as error:
        if error.code != "no_model":
            raise
        return {}
    files = list(master.storage.list(prefix))[:MAX_FILES]
    return {key.removeprefix(f"{prefix}/"): _digest(master, key) for key, _ in files}


def _digest(master: Master, key: str) -> str:
    digest = hashlib.sha256()
    for chunk in master.storage.read(key):
        digest.update(chunk)
    return digest.hexdigest()
