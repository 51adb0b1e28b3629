"""Endpoints as people see them."""

from datetime import timedelta

from fastapi.concurrency import run_in_threadpool
from sqlalchemy import select

from app.accounts.actor import UserActor
from app.jobs import explain
from app.jobs.views import nodes_of
from app.master import Master
from app.models import User
from app.serving import endpoints
from app.serving.exchange import Exchange, Place, room_of
from app.workdir.service import get_settings
from proteinx.contracts.accounts import Role
from proteinx.contracts.phrases import told
from proteinx.contracts.serving import EndpointState, EndpointView
from proteinx.contracts.states import JobState


async def listing(master: Master, exchange: Exchange, user: UserActor) -> list[EndpointView]:
    """The last used first. Raises Unavailable while the broker is away."""
    views = await run_in_threadpool(_rows, master, user)
    if not views:
        return []
    inside = await exchange.inside([room_of(view.job_id) for view, _ in views])
    shown = []
    for view, place in views:
        is_silent = view.state == "ready" and not await exchange.is_alive(place)
        state: EndpointState = "silent" if is_silent else view.state
        shown.append(view.model_copy(update={"in_flight": inside[room_of(view.job_id)], "state": state}))
    return shown


def _rows(master: Master, user: UserActor) -> list[tuple[EndpointView, Place]]:
    with master.db.read() as session:
        idle = timedelta(minutes=get_settings(session).serving.idle_minutes)
        found = endpoints.live(session)
        owners = dict(
            session.execute(select(User.id, User.name).where(User.id.in_([job.owner_id for _, job in found]))).all()
        )
        nodes = nodes_of(session, [job for _, job in found])
        views = []
        for row, job in found:
            state = endpoints.state_of(row, job)
            reason = explain.explain(session, master, job).summary
            view = EndpointView(
                job_id=job.id,
                model=row.model,
                version=row.version,
                owner=owners[job.owner_id],
                state=state,
                job_state=JobState(job.state),
                reason=reason,
                reason_words=told(reason),
                node=next(iter(nodes[job.id]), None),
                requests=row.requests,
                in_flight=0,
                started_at=row.started_at,
                last_used_at=row.last_used_at,
                ends_at=row.last_used_at + idle if state == "ready" else None,
                may_stop=user.role is Role.ADMIN or job.owner_id == user.id,
            )
            views.append((view, Place(job.id, job.attempt)))
        return views
