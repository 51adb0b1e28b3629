"""States of jobs and attempts, and the one table of legal moves for each."""

from enum import StrEnum
from typing import Final


class JobState(StrEnum):
    PENDING = "pending"
    SCHEDULED = "scheduled"
    RUNNING = "running"
    CANCELLING = "cancelling"
    HELD = "held"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


class AttemptState(StrEnum):
    ASSIGNED = "assigned"
    CLAIMED = "claimed"
    PREPARING = "preparing"
    RUNNING = "running"
    FINALIZING = "finalizing"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    LOST = "lost"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    PREEMPTED = "preempted"


class Fault(StrEnum):
    """Whose fault a failed attempt is: a user's is final, infrastructure's is tried again."""

    USER = "user"
    INFRA = "infra"


JOB_MOVES: Final[dict[JobState, frozenset[JobState]]] = {
    JobState.PENDING: frozenset(
        {JobState.SCHEDULED, JobState.CANCELLING, JobState.CANCELLED, JobState.FAILED, JobState.HELD}
    ),
    JobState.SCHEDULED: frozenset(
        {JobState.RUNNING, JobState.PENDING, JobState.CANCELLING, JobState.FAILED, JobState.HELD}
    ),
    JobState.RUNNING: frozenset(
        {JobState.SUCCEEDED, JobState.FAILED, JobState.PENDING, JobState.CANCELLING, JobState.HELD}
    ),
    JobState.CANCELLING: frozenset({JobState.CANCELLED}),
    JobState.HELD: frozenset({JobState.PENDING, JobState.CANCELLED, JobState.FAILED}),
    JobState.SUCCEEDED: frozenset(),
    JobState.FAILED: frozenset(),
    JobState.CANCELLED: frozenset(),
}

_ENDS: Final = frozenset({AttemptState.FAILED, AttemptState.LOST, AttemptState.CANCELLED, AttemptState.PREEMPTED})
ATTEMPT_MOVES: Final[dict[AttemptState, frozenset[AttemptState]]] = {
    AttemptState.ASSIGNED: frozenset({AttemptState.CLAIMED, AttemptState.EXPIRED}) | _ENDS,
    AttemptState.CLAIMED: frozenset({AttemptState.PREPARING, AttemptState.EXPIRED}) | _ENDS,
    AttemptState.PREPARING: frozenset({AttemptState.RUNNING}) | _ENDS,
    AttemptState.RUNNING: frozenset({AttemptState.FINALIZING}) | _ENDS,
    AttemptState.FINALIZING: frozenset({AttemptState.SUCCEEDED}) | _ENDS,
    **{
        state: frozenset()
        for state in (
            AttemptState.SUCCEEDED,
            AttemptState.FAILED,
            AttemptState.LOST,
            AttemptState.CANCELLED,
            AttemptState.EXPIRED,
            AttemptState.PREEMPTED,
        )
    },
}

JOB_ENDS: Final = frozenset(state for state, moves in JOB_MOVES.items() if not moves)
ATTEMPT_ENDS: Final = frozenset(state for state, moves in ATTEMPT_MOVES.items() if not moves)
ATTEMPT_LIVE: Final = frozenset(AttemptState) - ATTEMPT_ENDS
UNCOUNTED: Final = frozenset({AttemptState.CANCELLED, AttemptState.EXPIRED, AttemptState.PREEMPTED})
"""Ends that do not use up one of a job's `max_attempts`."""

RUN_STATUS: Final[dict[JobState, str]] = {
    JobState.PENDING: "SCHEDULED",
    JobState.SCHEDULED: "SCHEDULED",
    JobState.HELD: "SCHEDULED",
    JobState.RUNNING: "RUNNING",
    JobState.CANCELLING: "RUNNING",
    JobState.SUCCEEDED: "FINISHED",
    JobState.FAILED: "FAILED",
    JobState.CANCELLED: "KILLED",
}
"""The status of a job's MLflow run."""
