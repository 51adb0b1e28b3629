"""When an attempt is given up: a pure judgement of what the master last heard. Its own downtime never counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from proteinx.contracts.states import ATTEMPT_ENDS, AttemptState, Fault
from proteinx.contracts.system import SystemSettings

RETURN_BEATS: Final = 3
"""Heartbeats' time that agents get to find a master that came back, since they wait ever longer between tries."""
BACKSTOP_SECONDS: Final = 60.0
"""How far past limit and grace an attempt must be before the master ends what its supervisor should have ended."""

_UNCONFIRMED: Final = (AttemptState.ASSIGNED, AttemptState.CLAIMED)


@dataclass(frozen=True, slots=True)
class MemberSigns:
    node: str
    state: AttemptState
    heard_at: datetime
    """The node's last heartbeat, or when it joined."""


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


def judge(signs: AttemptSigns, settings: SystemSettings, ready_at: datetime, at: datetime) -> Verdict | None:
    """None while there is nothing to hold against it."""
    live = [member for member in signs.members if member.state not in ATTEMPT_ENDS]
    return (
        _unconfirmed(signs, live, settings, ready_at, at)
        or _silent(signs, live, settings, ready_at, at)
        or _overtime(signs, ready_at, at)
    )


def _unconfirmed(
    signs: AttemptSigns, live: Sequence[MemberSigns], settings: SystemSettings, ready_at: datetime, at: datetime
) -> Verdict | None:
    late = [member for member in live if member.state in _UNCONFIRMED]
    if not late or at - max(signs.assigned_at, ready_at) <= timedelta(seconds=settings.claim_seconds):
        return None
    reason = f"{late[0].node} did not take it up within {settings.claim_seconds:g} s"
    # A gang of which some have begun is past expiring: it is lost.
    to = AttemptState.EXPIRED if signs.state in _UNCONFIRMED else AttemptState.LOST
    return Verdict(to, None, reason)


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
        return Verdict(AttemptState.LOST, Fault.INFRA, f"{quietest.node} was silent for {gone:.0f} s")
    if silence(signs.renewed_at) > lease:
        gone = (at - signs.renewed_at).total_seconds()
        return Verdict(AttemptState.LOST, Fault.INFRA, f"{begun[0].node} has not named it for {gone:.0f} s")
    return None


def _overtime(signs: AttemptSigns, ready_at: datetime, at: datetime) -> Verdict | None:
    """The supervisor ends what runs too long; this is for one that does not."""
    if signs.state is not AttemptState.RUNNING or signs.time_limit is None or signs.started_at is None:
        return None
    due = max(signs.started_at + timedelta(seconds=signs.time_limit + signs.grace), ready_at)
    if at <= due + timedelta(seconds=BACKSTOP_SECONDS):
        return None
    reason = f"time limit of {signs.time_limit:g} s is over, and its worker did not end it"
    return Verdict(AttemptState.FAILED, Fault.USER, reason)
