"""What depends on a dataset: jobs that take it in, datasets that such jobs made."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Dataset, DatasetVersion, Job, User
from proteinx.contracts.datasets import DependentJob, Dependents
from proteinx.contracts.states import JOB_ENDS, JobState


def dependents(session: Session, dataset: Dataset) -> Dependents:
    prefix = f"{dataset.name}@"
    columns = (Job.id, Job.name, Job.entry_point, Job.state, Job.inputs, Job.created_at, User.name.label("owner"))
    rows = session.execute(select(*columns).join(User, User.id == Job.owner_id).order_by(Job.created_at.desc()))
    jobs = [
        DependentJob(
            id=row.id,
            name=row.name,
            owner=row.owner,
            entry_point=row.entry_point,
            state=JobState(row.state),
            versions=versions,
            created_at=row.created_at,
        )
        for row in rows
        if (versions := sorted(int(ref.removeprefix(prefix)) for ref in row.inputs.values() if ref.startswith(prefix)))
    ]
    users = {job.id for job in jobs}
    made = session.execute(
        select(Dataset.name, DatasetVersion.number, DatasetVersion.lineage)
        .join(Dataset, Dataset.id == DatasetVersion.dataset_id)
        .where(DatasetVersion.deleted_at.is_(None))
    )
    return Dependents(
        jobs=jobs,
        live_jobs=[job.id for job in jobs if job.state not in JOB_ENDS],
        ended_jobs=[job.id for job in jobs if job.state in JOB_ENDS],
        datasets=[f"{name}@{number}" for name, number, lineage in made if lineage.get("job") in users],
    )
