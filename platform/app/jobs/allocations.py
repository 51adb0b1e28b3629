"""What members hold on nodes, from placement until the node has proved it free."""

from collections.abc import Iterable

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.clock import now
from app.models import Allocation, Attempt, Gpu, Member
from app.scheduling.capacity import MemberPlacement
from proteinx.contracts.nodes import GpuSample
from proteinx.contracts.states import ATTEMPT_ENDS

MemberKey = tuple[str, int, int]
"""Job, attempt, rank."""

_ENDED = [state.value for state in ATTEMPT_ENDS]


def hold(session: Session, attempt: Attempt, member: MemberPlacement) -> None:
    """One row for CPUs and memory, one for each GPU; the unique index refuses a GPU slot that is taken."""
    key = {"job_id": attempt.job_id, "attempt": attempt.number, "rank": member.rank, "node_id": member.node_id}
    session.add(Allocation(**key, cpus=member.cpus, memory=member.memory))
    for gpu in member.gpus:
        session.add(Allocation(**key, gpu_uuid=gpu.uuid, slot=gpu.slot, gpu_memory=gpu.memory))


def release_host(session: Session, member: Member) -> None:
    """Gives back CPUs and memory. GPUs wait for `release_proven`: a process that lingers may still fill them."""
    _release(session, member, Allocation.gpu_uuid.is_(None))


def release_all(session: Session, member: Member) -> None:
    """For a member that was never claimed, so never ran, or whose node is gone for good."""
    _release(session, member, Allocation.released_at.is_(None))


def _release(session: Session, member: Member, what: object) -> None:
    session.execute(
        update(Allocation)
        .where(
            Allocation.job_id == member.job_id,
            Allocation.attempt == member.attempt,
            Allocation.rank == member.rank,
            Allocation.released_at.is_(None),
            what,  # type: ignore[arg-type]
        )
        .values(released_at=now())
    )


def release_proven(session: Session, node_id: str, listed: Iterable[MemberKey], samples: Iterable[GpuSample]) -> int:
    """Frees GPUs of ended members that the node no longer has and whose GPUs hold no process of ours.

    Where others share the GPU, processes there are theirs, and the member's absence is the proof. Returns how many
    rows were freed.
    """
    if not _has_ended_ones(session, node_id):
        return 0
    waiting = session.execute(
        select(Allocation, Member.state, Gpu.present)
        .join(
            Member,
            (Member.job_id == Allocation.job_id)
            & (Member.attempt == Allocation.attempt)
            & (Member.rank == Allocation.rank),
        )
        .join(Gpu, Gpu.uuid == Allocation.gpu_uuid)
        .where(Allocation.node_id == node_id, Allocation.released_at.is_(None))
    ).all()
    there = set(listed)
    ours = {sample.uuid: bool(set(sample.pids) - set(sample.foreign_pids)) for sample in samples}
    in_use = {row.Allocation.gpu_uuid for row in waiting if row.state not in _ENDED}
    freed = 0
    for allocation, state, present in waiting:
        uuid = allocation.gpu_uuid
        if state not in _ENDED or (allocation.job_id, allocation.attempt, allocation.rank) in there:
            continue
        if not present or uuid in in_use or (uuid and ours.get(uuid) is False):
            allocation.released_at = now()
            freed += 1
    return freed


def _has_ended_ones(session: Session, node_id: str) -> bool:
    """Mostly there are none, and a heartbeat should find that out quickly."""
    ended = (
        select(Allocation.id)
        .join(
            Member,
            (Member.job_id == Allocation.job_id)
            & (Member.attempt == Allocation.attempt)
            & (Member.rank == Allocation.rank),
        )
        .where(Allocation.node_id == node_id, Allocation.released_at.is_(None), Member.state.in_(_ENDED))
    )
    return session.scalar(ended.limit(1)) is not None
