"""Lists of jobs: filters, newest first, one page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, tuple_, type_coerce
from sqlalchemy.orm import Session

from app.errors import BadRequest
from app.jobs.views import job_view, nodes_of
from app.models import Job, Member, Node, User
from app.models.base import Json
from proteinx.contracts.jobs import JobView
from proteinx.contracts.pages import Page
from proteinx.contracts.states import JobState


@dataclass(frozen=True, slots=True)
class Filters:
    """None and empty mean: any."""

    states: Sequence[JobState] = ()
    owner: str | None = None
    project: str | None = None
    experiment: str | None = None
    node: str | None = None
    """Name or id of a node that any of its attempts was on."""
    parent_job: str | None = None
    parent_run: str | None = None
    search: str | None = None
    """Part of the name, whatever the case, or the beginning of the id."""
    trashed: bool = False
    """Those in the trash, and no others."""
    metric: str | None = None
    """Ordered by the last value of this metric; those that have none are left out."""
    most_first: bool = False


def page(session: Session, filters: Filters, cursor: str | None, limit: int) -> Page[JobView]:
    """Newest first, or by a metric. Raises BadRequest for a cursor that this list never gave out."""
    matching = _filtered(select(Job, User.name).join(User, User.id == Job.owner_id), filters)
    if filters.metric is not None:
        matching = matching.where(_value(filters.metric).is_not(None))
    total = session.scalar(select(func.count()).select_from(matching.with_only_columns(Job.id).subquery()))
    rows = session.execute(_ordered(matching, filters, cursor).limit(limit + 1)).all()
    shown = rows[:limit]
    more = _cursor(shown[-1][0], filters.metric) if len(rows) > limit else None
    nodes = nodes_of(session, [job for job, _ in shown])
    return Page(items=[job_view(job, owner, nodes[job.id]) for job, owner in shown], next=more, total=total)


def _value(metric: str) -> ColumnElement[float]:
    """The metric's last value, which lies beside the job."""
    value: ColumnElement[float] = type_coerce(Job.metrics, Json)[metric].as_float()
    return value


def _ordered(query: Select[Job, str], filters: Filters, cursor: str | None) -> Select[Job, str]:
    if filters.metric is None:
        if cursor:
            query = query.where(tuple_(Job.created_at, Job.id) < tuple_(*parse_cursor(cursor)))
        return query.order_by(Job.created_at.desc(), Job.id.desc())
    value = _value(filters.metric)
    if cursor:
        last, job_id = _parse_value(cursor)
        beyond = value < last if filters.most_first else value > last
        query = query.where(or_(beyond, and_(value == last, Job.id > job_id)))
    return query.order_by(value.desc() if filters.most_first else value, Job.id)


def _parse_value(cursor: str) -> tuple[float, str]:
    number, _, job_id = cursor.partition("_")
    try:
        return float(number), job_id
    except ValueError as error:
        raise _bad_cursor() from error


def _filtered(query: Select[Job, str], filters: Filters) -> Select[Job, str]:
    query = query.where(Job.trashed_at.is_not(None) if filters.trashed else Job.trashed_at.is_(None))
    if filters.states:
        query = query.where(Job.state.in_([state.value for state in filters.states]))
    for column, value in (
        (User.name, filters.owner),
        (Job.project, filters.project),
        (Job.experiment, filters.experiment),
        (Job.parent_job, filters.parent_job),
        (Job.parent_run, filters.parent_run),
    ):
        if value:
            query = query.where(column == value)
    if filters.node:
        on_node = select(Member.job_id).join(Node, Node.id == Member.node_id).where(Member.job_id == Job.id)
        query = query.where(exists(on_node.where(or_(Node.id == filters.node, Node.name == filters.node))))
    if filters.search:
        named = Job.name.icontains(filters.search, autoescape=True)
        query = query.where(or_(named, Job.id.startswith(filters.search.lower(), autoescape=True)))
    return query


def _cursor(job: Job, metric: str | None) -> str:
    if metric is not None:
        return f"{job.metrics[metric]!r}_{job.id}"
    return f"{job.created_at.isoformat()}_{job.id}"


def parse_cursor(cursor: str) -> tuple[datetime, str]:
    """When the last one of the page before was made, and its id. Raises BadRequest."""
    moment, _, job_id = cursor.partition("_")
    try:
        at = datetime.fromisoformat(moment.replace(" ", "+"))  # a plus sign that a URL turned into a space
    except ValueError as error:
        raise _bad_cursor() from error
    if at.tzinfo is None or not job_id:
        raise _bad_cursor()
    return at, job_id


def _bad_cursor() -> BadRequest:
    return BadRequest("bad_cursor", "Give `cursor` as the last page's `next` had it.", field="cursor")
