"""One heartbeat of one node, in one short transaction: leases renewed, orders given, room that was proved free.

Its reply is the certainty behind the doorbell's speed: whatever Redis forgot is in it.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, load_only

from app.accounts.actor import NodeActor
from app.clock import now
from app.errors import Conflict, Gone
from app.jobs import allocations
from app.jobs.allocations import MemberKey
from app.live import announce
from app.master import Master
from app.models import Attempt, Gpu, Job, Member, Node, NodeHistory
from app.nodes import losses, protocol
from app.workdir.service import get_settings
from proteinx.contracts.nodes import Assignment, Command, Heartbeat, HeartbeatReply, MemberStatus
from proteinx.contracts.phrases import say
from proteinx.contracts.states import ATTEMPT_ENDS, ATTEMPT_LIVE, AttemptState, JobState

HISTORY_EVERY = timedelta(minutes=1)
_LIVE = [state.value for state in ATTEMPT_LIVE]
_HALF_A_BEAT = 0.5
"""Two beats in a row must be this part of the interval apart to count as two."""


@dataclass(frozen=True, slots=True)
class _Here:
    """A member that the master has as live on the node."""

    member: Member
    attempt: Attempt
    job: Job

    @property
    def key(self) -> MemberKey:
        return (self.member.job_id, self.member.attempt, self.member.rank)


def beat(session: Session, master: Master, actor: NodeActor, request: Heartbeat) -> HeartbeatReply:
    """Raises Gone for a node that was removed, Conflict("boot_changed") until it registers anew, UpgradeRequired."""
    protocol.require(request.protocol)
    node = session.get(Node, actor.id)
    if node is None or node.removed_at is not None:
        raise Gone("node_removed", "This node was removed; stop its agent, or join again with a new join token.")
    if node.boot_id != request.boot_id:
        raise Conflict("boot_changed", "This machine was started again since it registered; register first.")
    at = now()
    interval = get_settings(session).heartbeat_seconds
    here = _members_here(session, node.id)
    listed = {(status.job_id, status.attempt, status.rank): status for status in request.members}
    _keep_sample(session, node, request, at)
    _renew(session, node, [one for one in here if one.key in listed], at)
    missing = _missing(here, listed.keys(), at, interval)
    if missing:
        reason = say("agent_lost_it", node=node.name)
        losses.lose(session, master, {(one.job.id, one.attempt.number) for one in missing}, reason, node.id)
    if allocations.release_proven(session, node.id, listed.keys(), request.sample.gpus):
        announce.wake_later(session)
    announce.later(session, announce.NODES)
    return HeartbeatReply(
        assignments=[_assignment(one) for one in here if one.member.state == AttemptState.ASSIGNED.value],
        commands=_commands(here, request.members),
        server_time=at,
        heartbeat_seconds=interval,
    )


def _members_here(session: Session, node_id: str) -> list[_Here]:
    query = (
        select(Member, Attempt, Job)
        .join(Attempt, (Attempt.job_id == Member.job_id) & (Attempt.number == Member.attempt))
        .join(Job, Job.id == Member.job_id)
        .where(Member.node_id == node_id, Member.state.in_(_LIVE))
        .order_by(Member.job_id, Member.rank)
        .options(load_only(Job.id, Job.state, Job.reason, Job.resources))  # not its config: this is the busiest call
    )
    return [_Here(member, attempt, job) for member, attempt, job in session.execute(query)]


def _keep_sample(session: Session, node: Node, request: Heartbeat, at: datetime) -> None:
    if node.last_heartbeat_at is None or node.agent_draining != request.draining:
        announce.wake_later(session)
    node.last_heartbeat_at, node.agent_draining = at, request.draining
    node.sample = request.sample.model_dump()
    foreign = {gpu.uuid: bool(gpu.foreign_pids) for gpu in request.sample.gpus}
    known = session.execute(select(Gpu.uuid, Gpu.foreign).where(Gpu.node_id == node.id)) if foreign else ()
    for uuid, was in known:
        if foreign.get(uuid, was) != was:
            session.execute(update(Gpu).where(Gpu.uuid == uuid).values(foreign=not was))
    if node.history_at is None or at - node.history_at >= HISTORY_EVERY:
        node.history_at = at
        session.add(NodeHistory(node_id=node.id, at=at, sample=node.sample))


def _renew(session: Session, node: Node, listed: Sequence[_Here], at: datetime) -> None:
    """An attempt's lease runs from the last beat that named it; a gang's from that of its most silent node."""
    for one in listed:
        one.member.missed_since = None
    alone = [one for one in listed if one.job.resources.get("nodes", 1) == 1]
    for one in alone:
        one.attempt.renewed_at = at
    gangs = [one for one in listed if one not in alone]
    if not gangs:
        return
    session.flush()
    heard = (
        select(Member.job_id, Member.attempt, func.min(func.coalesce(Node.last_heartbeat_at, Node.joined_at)))
        .join(Node, Node.id == Member.node_id)
        .where(Member.job_id.in_({one.job.id for one in gangs}))
        .group_by(Member.job_id, Member.attempt)
    )
    oldest = {(job_id, number): moment for job_id, number, moment in session.execute(heard)}
    for one in gangs:
        one.attempt.renewed_at = max(one.attempt.renewed_at, oldest[one.job.id, one.attempt.number])


def _missing(here: Sequence[_Here], listed: Container[MemberKey], at: datetime, interval: float) -> list[_Here]:
    """Members that the agent took, and that two of its beats in a row did not name."""
    gone = []
    for one in here:
        if one.key in listed or one.member.state == AttemptState.ASSIGNED.value:
            continue
        if one.member.missed_since is None:
            one.member.missed_since = at
        elif at - one.member.missed_since >= timedelta(seconds=interval * _HALF_A_BEAT):
            gone.append(one)
    return gone


def _assignment(one: _Here) -> Assignment:
    member = one.member
    return Assignment(job_id=member.job_id, attempt=member.attempt, rank=member.rank, dispatch_id=member.dispatch_id)


def _commands(here: Sequence[_Here], listed: Sequence[MemberStatus]) -> list[Command]:
    """Cancel what is being cancelled, send back what has to make room, kill what the master does not have as live."""
    taken = [one for one in here if one.member.state != AttemptState.ASSIGNED.value]
    ending = [command for one in taken if (command := _ending(one)) is not None]
    current = {one.key for one in here if AttemptState(one.attempt.state) not in ATTEMPT_ENDS}
    return ending + [
        Command(kind="kill", job_id=status.job_id, attempt=status.attempt, rank=status.rank, reason=_FENCED)
        for status in listed
        if (status.job_id, status.attempt, status.rank) not in current and status.state not in ATTEMPT_ENDS
    ]


def _ending(one: _Here) -> Command | None:
    key = {"job_id": one.job.id, "attempt": one.attempt.number, "rank": one.member.rank}
    if one.job.state == JobState.CANCELLING.value:
        return Command(kind="cancel", reason=one.job.reason, **key)
    if one.attempt.preempt_at is not None:
        return Command(kind="preempt", reason=one.attempt.preempt_reason, **key)
    return None


_FENCED = "this attempt is over for the master, or never was: its work can't be taken any more"
