"""Jobs, for people."""

from typing import Annotated

from fastapi import APIRouter, Header, Path, Query

from app.accounts.authorize import Action, authorize
from app.committing import CommittingRoute
from app.deps import CurrentUser, Cursor, Limit, MasterDep, ReadSession, WriteSession
from app.jobs import actions, explain, listing, logs_router, members_router, metrics_router, service, trash, views
from app.jobs.listing import Filters
from app.master import Master
from app.models import Job
from proteinx.contracts.jobs import Explain, JobCheck, JobCreate, JobDetail, JobEvent, JobView
from proteinx.contracts.pages import Page
from proteinx.contracts.states import JobState

router = APIRouter(tags=["jobs"], route_class=CommittingRoute)
router.include_router(members_router.router)
router.include_router(logs_router.router)
router.include_router(metrics_router.router)

JobId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
IdempotencyKey = Annotated[str | None, Header(max_length=100)]


@router.post("/jobs", status_code=201)
def create_job(
    request: JobCreate, user: CurrentUser, master: MasterDep, idempotency_key: IdempotencyKey = None
) -> JobView:
    """`Idempotency-Key` may be given as a header too."""
    if idempotency_key and not request.idempotency_key:
        request = request.model_copy(update={"idempotency_key": idempotency_key})
    return _shown(master, service.create(master, user, request))


@router.post("/jobs/check")
def check_job(request: JobCreate, user: CurrentUser, master: MasterDep) -> JobCheck:
    return service.check(master, user, request)


@router.get("/jobs")
def list_jobs(
    user: CurrentUser,
    session: ReadSession,
    state: Annotated[list[JobState] | None, Query()] = None,
    owner: str | None = None,
    project: str | None = None,
    experiment: str | None = None,
    node: str | None = None,
    parent_job: str | None = None,
    parent_run: str | None = None,
    search: Annotated[str | None, Query(max_length=200)] = None,
    trashed: bool = False,
    metric: Annotated[str | None, Query(min_length=1, max_length=250, pattern=r'^[^"\\]+$')] = None,
    most_first: bool = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[JobView]:
    """The newest first; with `metric` by its last value, the least first unless the most are wanted."""
    authorize(user, Action.VIEW)
    filters = Filters(
        state or (), owner, project, experiment, node, parent_job, parent_run, search, trashed, metric, most_first
    )
    return listing.page(session, filters, cursor, limit)


@router.get("/jobs/{job_id}")
def read_job(job_id: JobId, user: CurrentUser, session: ReadSession, master: MasterDep) -> JobDetail:
    authorize(user, Action.VIEW)
    return views.detail(session, master, actions.get(session, job_id))


@router.post("/jobs/{job_id}/cancel")
def cancel_job(job_id: JobId, user: CurrentUser, session: WriteSession, master: MasterDep) -> JobView:
    job = actions.cancel(session, master, user, job_id)
    return views.job_view(job, views.owner_of(session, job))


@router.post("/jobs/{job_id}/release")
def release_job(job_id: JobId, user: CurrentUser, session: WriteSession) -> JobView:
    job = actions.release(session, user, job_id)
    return views.job_view(job, views.owner_of(session, job))


@router.delete("/jobs/{job_id}")
def trash_job(job_id: JobId, user: CurrentUser, master: MasterDep) -> JobView:
    """With its run to the trash, for as long as the settings say."""
    return _shown(master, trash.throw_away(master, user, job_id))


@router.post("/jobs/{job_id}/restore")
def restore_job(job_id: JobId, user: CurrentUser, master: MasterDep) -> JobView:
    """Out of the trash."""
    return _shown(master, trash.bring_back(master, user, job_id))


def _shown(master: Master, job: Job) -> JobView:
    with master.db.read() as session:
        return views.job_view(job, views.owner_of(session, job))


@router.post("/jobs/{job_id}/retry", status_code=201)
def retry_job(job_id: JobId, user: CurrentUser, master: MasterDep, idempotency_key: IdempotencyKey = None) -> JobView:
    return _shown(master, actions.retry(master, user, job_id, idempotency_key))


@router.post("/jobs/{job_id}/clone")
def clone_job(job_id: JobId, user: CurrentUser, session: ReadSession) -> JobCreate:
    """A draft to edit and post: nothing is made."""
    authorize(user, Action.VIEW)
    return actions.draft(actions.get(session, job_id))


@router.get("/jobs/{job_id}/events")
def read_events(job_id: JobId, user: CurrentUser, session: ReadSession) -> list[JobEvent]:
    authorize(user, Action.VIEW)
    return views.events(session, actions.get(session, job_id).id)


@router.get("/jobs/{job_id}/explain")
def explain_job(job_id: JobId, user: CurrentUser, session: ReadSession, master: MasterDep) -> Explain:
    authorize(user, Action.VIEW)
    return explain.explain(session, master, actions.get(session, job_id))
