"""What placement is to care for, as one value: the same function serves the lab, the tests and the simulator."""

from dataclasses import dataclass

from proteinx.contracts.system import SystemSettings


@dataclass(frozen=True, slots=True)
class Policy:
    fair_share: bool = True
    """Among equal priorities, who has had less goes first; else who came first."""
    aging_seconds: float = 3600.0
    """Waiting so long lifts a job by one step of priority, up to the highest that anybody waiting has asked for."""
    backfill: bool = True
    """Jobs may pass one that has to wait, as long as they do not delay it; else nobody passes."""
    reservations: int = 8
    """For so many jobs at the head of the queue that have to wait, room is kept."""
    preemption: bool = True
    """A job of higher priority may send running ones of lower priority back to the queue."""
    cpus_per_gpu: float = 16.0
    """So many CPUs count as much as a GPU in a user's share."""


FIRST_COME = Policy(fair_share=False, aging_seconds=float("inf"), backfill=False, reservations=0, preemption=False)
"""Plain priority queue without overtaking: what others are measured against."""


def policy_of(settings: SystemSettings) -> Policy:
    return Policy(
        fair_share=settings.fair_share,
        aging_seconds=settings.aging_seconds,
        backfill=settings.backfill,
        reservations=settings.reservations,
        preemption=settings.preemption,
        cpus_per_gpu=settings.cpus_per_gpu,
    )
