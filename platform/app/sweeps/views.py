"""Sweeps as they are shown."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import Session

from app.jobs.listing import parse_cursor
from app.models import Job, Sweep, Trial, User
from app.sweeps import deciding, harvest, points, study
from proteinx.contracts.pages import Page
from proteinx.contracts.phrases import told
from proteinx.contracts.sweeps import BestTrial, SweepCreate, SweepDetail, SweepState, SweepView, TrialState, TrialView


@dataclass(frozen=True, slots=True)
class Filters:
    """None and empty mean: any."""

    states: Sequence[SweepState] = ()
    owner: str | None = None
    project: str | None = None
    search: str | None = None
    """Part of the name, whatever the case."""


def page(session: Session, filters: Filters, cursor: str | None, limit: int) -> Page[SweepView]:
    """Raises BadRequest for a cursor that this list never gave out."""
    matching = _filtered(select(Sweep, User.name).join(User, User.id == Sweep.owner_id), filters)
    total = session.scalar(select(func.count()).select_from(matching.with_only_columns(Sweep.id).subquery()))
    query = matching.order_by(Sweep.created_at.desc(), Sweep.id.desc()).limit(limit + 1)
    if cursor:
        query = query.where(tuple_(Sweep.created_at, Sweep.id) < tuple_(*parse_cursor(cursor)))
    rows = session.execute(query).all()
    shown = rows[:limit]
    more = _cursor(shown[-1][0].created_at, shown[-1][0].id) if len(rows) > limit else None
    counts = _counts(session, [sweep.id for sweep, _ in shown])
    return Page(items=[_view(sweep, owner, counts[sweep.id]) for sweep, owner in shown], next=more, total=total)


def _filtered(query: Select[Sweep, str], filters: Filters) -> Select[Sweep, str]:
    if filters.states:
        query = query.where(Sweep.state.in_([state.value for state in filters.states]))
    if filters.owner:
        query = query.where(User.name == filters.owner)
    if filters.project:
        query = query.where(Sweep.project == filters.project)
    if filters.search:
        query = query.where(Sweep.name.icontains(filters.search, autoescape=True))
    return query


def _cursor(at: datetime, sweep_id: str) -> str:
    return f"{at.isoformat()}_{sweep_id}"


def view(session: Session, sweep: Sweep) -> SweepView:
    return _view(sweep, _owner(session, sweep), _counts(session, [sweep.id])[sweep.id])


def _view(sweep: Sweep, owner: str, counts: Mapping[str, int]) -> SweepView:
    plan = SweepCreate.model_validate(sweep.request)
    return SweepView(
        id=sweep.id,
        name=sweep.name,
        owner=owner,
        project=plan.job.project,
        experiment=plan.job.experiment,
        experiment_id=sweep.experiment_id,
        state=SweepState(sweep.state),
        reason=sweep.reason,
        reason_words=told(sweep.reason),
        metric=plan.metric,
        direction=plan.direction,
        sampler=plan.sampler,
        pruner=plan.pruner.kind,
        parallelism=plan.parallelism,
        max_trials=points.budget(plan),
        trials=dict(counts),
        best=BestTrial.model_validate(sweep.best) if sweep.best else None,
        created_at=sweep.created_at,
        ended_at=sweep.ended_at,
    )


def detail(session: Session, sweep: Sweep) -> SweepDetail:
    plan = SweepCreate.model_validate(sweep.request)
    query = select(Trial, Job.state).outerjoin(Job, Job.id == Trial.job_id).where(Trial.sweep_id == sweep.id)
    rows = session.execute(query.order_by(Trial.number)).all()
    seen = [harvest.seen(trial) for trial, _ in rows]
    search = [trial for trial in seen if trial.finalist is None]
    return SweepDetail(
        **view(session, sweep).model_dump(),
        request=plan,
        trial_list=[_trial(trial, state) for trial, state in rows],
        importance=study.importance(plan, search),
        finals=deciding.finals(plan, seen),
    )


def _trial(trial: Trial, job_state: str | None) -> TrialView:
    return TrialView(
        number=trial.number,
        state=TrialState(trial.state),
        point=trial.point,
        value=trial.value,
        reason=trial.reason or trial.prune_reason or "",
        reason_words=told(trial.reason or trial.prune_reason or ""),
        job_id=trial.job_id,
        job_state=job_state,
        finalist=trial.finalist,
        seed=trial.seed,
        steps=harvest.last_step(trial),
        created_at=trial.created_at,
        ended_at=trial.ended_at,
    )


def _counts(session: Session, sweep_ids: Sequence[str]) -> dict[str, dict[str, int]]:
    """Sweep -> state -> how many trials, finals among them."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    query = select(Trial.sweep_id, Trial.state, func.count()).where(Trial.sweep_id.in_(sweep_ids))
    for sweep_id, state, number in session.execute(query.group_by(Trial.sweep_id, Trial.state)):
        found[sweep_id][state] = number
    return found


def _owner(session: Session, sweep: Sweep) -> str:
    return session.scalars(select(User.name).where(User.id == sweep.owner_id)).one()
