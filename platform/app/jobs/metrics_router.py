"""A job's metrics, from MLflow, where they are the truth."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from app.accounts.authorize import Action, authorize
from app.deps import CurrentUser, MasterDep
from app.jobs import actions
from app.master import Master
from proteinx.contracts.metrics import Curve, MetricView

router = APIRouter()

JobId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]


@router.get("/jobs/{job_id}/metrics")
def list_metrics(job_id: JobId, user: CurrentUser, master: MasterDep) -> list[MetricView]:
    """The last value of each metric of the job's run, also while it runs."""
    authorize(user, Action.VIEW)
    _require(master, job_id)
    return master.tracking.last_values(job_id)


@router.get("/jobs/{job_id}/curve")
def read_curve(
    job_id: JobId,
    user: CurrentUser,
    master: MasterDep,
    key: Annotated[str, Query(min_length=1, max_length=250)],
    points: Annotated[int, Query(ge=2, le=2000)] = 1000,
    after: Annotated[int | None, Query(ge=0)] = None,
) -> Curve:
    """One metric over its steps, thinned to about `points`; with `after`, only what came behind that step."""
    authorize(user, Action.VIEW)
    _require(master, job_id)
    return master.tracking.curve(job_id, key, points=points, after=after)


def _require(master: Master, job_id: str) -> None:
    with master.db.read() as session:
        actions.get(session, job_id)
