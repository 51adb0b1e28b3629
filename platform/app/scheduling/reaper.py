"""Ends attempts that nobody took up, whose node fell silent, or that outlived their limit by far."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.jobs import attempts
from app.master import Master
from app.models import Attempt, Job, Member, Node
from app.scheduling.placing import Fence
from app.scheduling.pulse import Pulse
from app.scheduling.verdicts import AttemptSigns, MemberSigns, judge
from app.workdir.service import get_settings
from proteinx.contracts.states import ATTEMPT_LIVE, AttemptState

ACTOR: Final = "scheduler"
_LIVE: Final = [state.value for state in ATTEMPT_LIVE]


def reap(master: Master, fence: Fence, pulse: Pulse) -> None:
    with master.db.read() as session:
        settings, all_signs = get_settings(session), signs_of(session)
    at = pulse.fair_now()
    for signs in all_signs:
        if judge(signs, settings, master.ready_at, at) is not None:
            _end(master, fence, pulse, signs.job_id, signs.number)


def _end(master: Master, fence: Fence, pulse: Pulse, job_id: str, number: int) -> None:
    """Judges again on what the database says now: a heartbeat may have come since."""
    with master.db.write() as session:
        fence(session)
        job = attempts.lock_job(session, job_id)
        attempt = session.get(Attempt, (job_id, number))
        signs = next(iter(signs_of(session, job_id)), None)
        if job is None or attempt is None or signs is None or signs.number != number:
            return
        at = pulse.fair_now()
        verdict = judge(signs, get_settings(session), master.ready_at, at)
        if verdict is not None:
            attempts.end_attempt(
                session,
                master,
                job,
                attempt,
                verdict.to,
                fault=verdict.fault,
                reason=verdict.reason,
                actor=ACTOR,
                blamed=verdict.blamed,
            )


def signs_of(session: Session, job_id: str | None = None) -> list[AttemptSigns]:
    """What was last heard of each live attempt, or of one job's."""
    live = select(Attempt.job_id, Attempt.number, Attempt.state, Attempt.assigned_at, Attempt.renewed_at)
    live = live.add_columns(Attempt.started_at, Job.time_limit, Job.grace, Job.lease)
    live = live.join(Job, Job.id == Attempt.job_id).where(Attempt.state.in_(_LIVE))
    if job_id is not None:
        live = live.where(Attempt.job_id == job_id)
    rows = session.execute(live).all()
    members = _members(session, {row.job_id for row in rows} if job_id is not None else None)
    return [
        AttemptSigns(
            job_id=row.job_id,
            number=row.number,
            state=AttemptState(row.state),
            assigned_at=row.assigned_at,
            renewed_at=row.renewed_at,
            started_at=row.started_at,
            time_limit=row.time_limit,
            grace=row.grace,
            lease=row.lease,
            members=members[row.job_id, row.number],
        )
        for row in rows
    ]


def _members(session: Session, job_ids: Iterable[str] | None) -> dict[tuple[str, int], list[MemberSigns]]:
    query = (
        select(Member.job_id, Member.attempt, Member.state, Member.node_id, Member.detail)
        .add_columns(Node.name, Node.last_heartbeat_at, Node.joined_at)
        .join(Attempt, and_(Attempt.job_id == Member.job_id, Attempt.number == Member.attempt))
        .join(Node, Node.id == Member.node_id)
        .where(Attempt.state.in_(_LIVE))
        .order_by(Member.rank)
    )
    if job_ids is not None:
        query = query.where(Member.job_id.in_(job_ids))
    found: dict[tuple[str, int], list[MemberSigns]] = defaultdict(list)
    for row in session.execute(query):
        heard_at = row.last_heartbeat_at or row.joined_at
        state = AttemptState(row.state)
        ended_at = row.detail.get("ended_at") if state is AttemptState.FAILED else None
        failed_at = datetime.fromisoformat(ended_at) if ended_at else None
        found[row.job_id, row.attempt].append(MemberSigns(row.name, state, heard_at, row.node_id, failed_at))
    return found
