"""When an attempt is given up: a pure judgement of what the master last heard. Its own downtime never counts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from app.clock import past
from proteinx.contracts.phrases import say
from proteinx.contracts.states import ATTEMPT_ENDS, AttemptState, Fault
from proteinx.contracts.system import SystemSettings

RETURN_BEATS: Final = 3
"""Heartbeats' time that agents get to find a master that came back, since they wait ever longer between tries."""
PEER_PATIENCE: Final = timedelta(seconds=15)
"""For the member of a gang that failed first to say why, after another one has lost touch with it."""
BACKSTOP_SECONDS: Final = 60.0
"""How far past limit and grace an attempt must be before the master ends what its supervisor should have ended."""

_UNCONFIRMED: Final = (AttemptState.ASSIGNED, AttemptState.CLAIMED)


@dataclass(frozen=True, slots=True)
class MemberSigns:
    node: str
    state: AttemptState
    heard_at: datetime
    """The node's last heartbeat, or when it joined."""
    node_id: str = ""
    failed_at: datetime | None = None
    """When it ended because it had lost its peers."""


@dataclass(frozen=True, slots=True)
class AttemptSigns:
    job_id: str
    number: int
    state: AttemptState
    assigned_at: datetime
    renewed_at: datetime
    started_at: datetime | None
    time_limit: float | None
    grace: float
    lease: float | None
    members: Sequence[MemberSigns]


@dataclass(frozen=True, slots=True)
class Verdict:
    to: AttemptState
    fault: Fault | None
    reason: str
    blamed: tuple[str, ...] = ()
    """Ids of the nodes whose fault it is."""


def judge(signs: AttemptSigns, settings: SystemSettings, ready_at: datetime, at: datetime) -> Verdict | None:
    """None while there is nothing to hold against it."""
    signs = _in_the_past(signs, ready_at, at)
    live = [member for member in signs.members if member.state not in ATTEMPT_ENDS]
    return (
        _unconfirmed(signs, live, settings, ready_at, at)
        or _silent(signs, live, settings, ready_at, at)
        or _deserted(signs, live, settings, ready_at, at)
        or _overtime(signs, ready_at, at)
    )


def _in_the_past(signs: AttemptSigns, ready_at: datetime, at: datetime) -> AttemptSigns:
    """An earlier process of the master may have written under a clock that was set back since."""

    def heard(moment: datetime) -> datetime:
        return past(moment, ready_at, at)

    members = [replace(member, heard_at=heard(member.heard_at)) for member in signs.members]
    started_at = heard(signs.started_at) if signs.started_at is not None else None
    return replace(
        signs,
        assigned_at=heard(signs.assigned_at),
        renewed_at=heard(signs.renewed_at),
        started_at=started_at,
        members=members,
    )


def _unconfirmed(
    signs: AttemptSigns, live: Sequence[MemberSigns], settings: SystemSettings, ready_at: datetime, at: datetime
) -> Verdict | None:
    late = [member for member in live if member.state in _UNCONFIRMED]
    if not late or at - max(signs.assigned_at, ready_at) <= timedelta(seconds=settings.claim_seconds):
        return None
    reason = say("not_taken_up", node=late[0].node, seconds=f"{settings.claim_seconds:g}")
    # A gang of which some have begun is past expiring: it is lost.
    to = AttemptState.EXPIRED if signs.state in _UNCONFIRMED else AttemptState.LOST
    return Verdict(to, None, reason, tuple(member.node_id for member in late))


def _silent(
    signs: AttemptSigns, live: Sequence[MemberSigns], settings: SystemSettings, ready_at: datetime, at: datetime
) -> Verdict | None:
    begun = [member for member in live if member.state not in _UNCONFIRMED]
    if not begun:
        return None
    lease = signs.lease or settings.lease_seconds
    hearing_since = ready_at + timedelta(seconds=RETURN_BEATS * settings.heartbeat_seconds)

    def silence(heard_at: datetime) -> float:
        return (at - max(heard_at, hearing_since)).total_seconds()

    quietest = min(begun, key=lambda member: member.heard_at)
    if silence(quietest.heard_at) > lease:
        gone = (at - quietest.heard_at).total_seconds()
        told = say("node_silent", node=quietest.node, seconds=f"{gone:.0f}")
        return Verdict(AttemptState.LOST, Fault.INFRA, told, (quietest.node_id,))
    if silence(signs.renewed_at) > lease:
        gone = (at - signs.renewed_at).total_seconds()
        told = say("node_forgot", node=begun[0].node, seconds=f"{gone:.0f}")
        return Verdict(AttemptState.LOST, Fault.INFRA, told, tuple(member.node_id for member in begun))
    return None


def _deserted(
    signs: AttemptSigns, live: Sequence[MemberSigns], settings: SystemSettings, ready_at: datetime, at: datetime
) -> Verdict | None:
    """A member has lost its peers, and none of them has said why in time. A node that is silent is the likely cause:
    then its lease decides, so that the right one is blamed."""
    lost = [member for member in signs.members if member.failed_at is not None]
    if not lost or not live:
        return None
    if at - max(min(member.failed_at for member in lost if member.failed_at), ready_at) <= PEER_PATIENCE:
        return None
    silent = [one for one in live if at - one.heard_at > timedelta(seconds=2 * settings.heartbeat_seconds)]
    if silent:
        return None
    return Verdict(AttemptState.FAILED, Fault.INFRA, say("member_deserted", node=lost[0].node))


def _overtime(signs: AttemptSigns, ready_at: datetime, at: datetime) -> Verdict | None:
    """The supervisor ends what runs too long; this is for one that does not."""
    if signs.state is not AttemptState.RUNNING or signs.time_limit is None or signs.started_at is None:
        return None
    due = max(signs.started_at + timedelta(seconds=signs.time_limit + signs.grace), ready_at)
    if at <= due + timedelta(seconds=BACKSTOP_SECONDS):
        return None
    reason = say("time_limit_worker", seconds=f"{signs.time_limit:g}")
    return Verdict(AttemptState.FAILED, Fault.USER, reason)
