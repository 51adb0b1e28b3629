"""What depends on a dataset: jobs that take it in, datasets that such jobs made."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Dataset, DatasetVersion, Job
from proteinx.contracts.datasets import Dependents
from proteinx.contracts.states import JOB_ENDS

_ENDED = {state.value for state in JOB_ENDS}


def dependents(session: Session, dataset: Dataset) -> Dependents:
    prefix = f"{dataset.name}@"
    rows = session.execute(select(Job.id, Job.state, Job.inputs))
    users = {job: state for job, state, inputs in rows if any(ref.startswith(prefix) for ref in inputs.values())}
    made = session.execute(
        select(Dataset.name, DatasetVersion.number, DatasetVersion.lineage)
        .join(Dataset, Dataset.id == DatasetVersion.dataset_id)
        .where(DatasetVersion.deleted_at.is_(None))
    )
    return Dependents(
        live_jobs=[job for job, state in users.items() if state not in _ENDED],
        ended_jobs=[job for job, state in users.items() if state in _ENDED],
        datasets=[f"{name}@{number}" for name, number, lineage in made if lineage.get("job") in users],
    )
