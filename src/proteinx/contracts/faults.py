"""What failed, read off the end of a job's log: one table from pattern to reason and action.

The master owns the table (this one, preceded by a lab's own rules) and sends it with each job. The worker applies it
where the log is and reports the rule's name; the master acts on it. So there is one table, and each half of the work is
done in one place.
"""

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from pydantic import BaseModel, Field, field_validator

from proteinx.contracts.states import Fault


class FaultAction(StrEnum):
    FAIL = "fail"
    """The user's: no blind retry."""
    RESTART = "restart"
    """Try again, anywhere; no machine is to blame."""
    MOVE = "move"
    """Try again, on another machine if there is one."""
    CLEAN = "clean"
    """The same; while its disk is short, the machine's agent lets go of all of its cache that nothing uses."""
    QUARANTINE = "quarantine"
    """The same, and the machine gets no work until an admin has looked."""


class FaultRule(BaseModel):
    name: str = Field(pattern=r"^[a-z0-9_]{1,60}$")
    pattern: str = Field(min_length=1, max_length=1000)
    """A regular expression that is looked for in the last lines of the log."""
    reason: str = Field(min_length=1, max_length=300)
    """For people; the exit code is added."""
    action: FaultAction
    gang_only: bool = False
    """Counts only for a job over several machines: one that lost its peers."""

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, pattern: str) -> str:
        try:
            re.compile(pattern)
        except re.error as error:
            raise ValueError(f"no regular expression: {error}") from error
        return pattern

    @property
    def fault(self) -> Fault:
        return Fault.USER if self.action is FaultAction.FAIL else Fault.INFRA


PEER_LOST: Final = "peer_lost"
DISK_FULL: Final = "disk_full"

BUILT_IN: Final[tuple[FaultRule, ...]] = (
    FaultRule(
        name="gpu_memory_error",
        pattern=r"(?i)uncorrectable ECC|double.bit ECC|cudaErrorECCUncorrectable|Xid .*: (48|63|64|94|95),",
        reason="the GPU's memory is faulty (ECC error)",
        action=FaultAction.QUARANTINE,
    ),
    FaultRule(
        name="gpu_gone",
        pattern=r"(?i)GPU has fallen off the bus|GPU is lost|cudaErrorDeviceUnavailable|Xid .*: 79,",
        reason="the GPU is gone",
        action=FaultAction.QUARANTINE,
    ),
    FaultRule(
        name="gpu_out_of_memory",
        pattern=r"CUDA out of memory|torch\.(cuda\.)?OutOfMemoryError|CUDA error: out of memory",
        reason="out of memory on the GPU: make the batch smaller, or ask for a GPU with more memory",
        action=FaultAction.FAIL,
    ),
    FaultRule(
        name="out_of_memory",
        pattern=r"OutOfMemoryError|MemoryError|Cannot allocate memory",
        reason="out of memory: ask for more memory, or make the batch smaller",
        action=FaultAction.FAIL,
    ),
    FaultRule(
        name=DISK_FULL,
        pattern=r"No space left on device|ENOSPC|Disk quota exceeded",
        reason="disk full on the worker",
        action=FaultAction.CLEAN,
    ),
    FaultRule(
        name="nccl_timeout",
        pattern=r"Watchdog caught collective operation timeout|NCCL timeout|ncclSystemError|ncclInternalError",
        reason="the GPUs lost touch with each other (NCCL)",
        action=FaultAction.RESTART,
    ),
    FaultRule(
        name=PEER_LOST,
        pattern=r"Connection (closed|reset) by peer|ncclRemoteError|Broken pipe|Timed out waiting for .*ranks?|"
        r"Connection refused|wait timeout after|Gloo connectFullMesh failed",
        reason="lost touch with the other machines of the job",
        action=FaultAction.RESTART,
        gang_only=True,
    ),
)


def match(rules: Sequence[FaultRule], end_of_log: str, *, gang: bool = False) -> FaultRule | None:
    """The first rule whose pattern is there."""
    for rule in rules:
        if (gang or not rule.gang_only) and re.search(rule.pattern, end_of_log):
            return rule
    return None


def named(rules: Sequence[FaultRule], name: str | None) -> FaultRule | None:
    return next((rule for rule in rules if rule.name == name), None)
