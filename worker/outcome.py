"""How an attempt ended, whose fault it was, and the sentence that a person reads."""

import os
import signal
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from proteinx.contracts.faults import DISK_FULL, FaultRule, match, named
from proteinx.contracts.jobs import Finish
from proteinx.contracts.phrases import say
from proteinx.contracts.states import Fault
from worker.launch import NOT_STARTED
from worker.layout import AttemptDir, read_json, write_json

LAST_LINES: Final = 50
_TAIL_BYTES: Final = 64 * 1024
_LINE_LIMIT: Final = 2000
_OUT_OF_MEMORY: Final = say("fault_out_of_memory")

Kind = Literal["succeeded", "failed", "cancelled", "preempted"]


@dataclass(slots=True)
class Outcome:
    outcome: Kind
    reason: str = ""
    fault: str | None = None
    exit_code: int | None = None
    last_lines: list[str] = field(default_factory=list)
    rule: str | None = None
    """Of the table of faults, where one told what failed."""

    def save(self, attempt: AttemptDir) -> None:
        write_json(attempt.outcome, asdict(self))

    @classmethod
    def load(cls, attempt: AttemptDir) -> "Outcome | None":
        known: dict[str, Any] | None = read_json(attempt.outcome)
        return cls(**known) if known is not None else None

    @property
    def keeps_outputs(self) -> bool:
        """An attempt that another one continues leaves none."""
        return self.outcome != "preempted" and self.fault != Fault.INFRA.value

    def finish(self, rank: int) -> Finish:
        return Finish(
            rank=rank,
            outcome=self.outcome,
            fault=Fault(self.fault) if self.fault else None,
            reason=self.reason[:2000],
            rule=self.rule,
            exit_code=self.exit_code,
            last_lines=self.last_lines,
        )


def failed(fault: Fault, reason: str, *, exit_code: int | None = None) -> Outcome:
    return Outcome("failed", reason, fault.value, exit_code)


def classify(
    status: int,
    log: Path,
    *,
    memory_kills: int,
    rules: Sequence[FaultRule] = (),
    gang: bool = False,
    disk_full: bool = False,
) -> Outcome:
    """From the wait status of the job's first process, what the kernel killed, and the end of the log.

    On a full disk a job can't even say so: then `disk_full`, which is what is seen right after its end, counts.
    """
    code = os.waitstatus_to_exitcode(status)
    exit_code = code if code >= 0 else 128 - code
    if code == 0:
        return Outcome("succeeded", exit_code=0)
    if memory_kills:
        return failed(
            Fault.USER, say("with_exit_code", reason=_OUT_OF_MEMORY, exit_code=exit_code), exit_code=exit_code
        )
    rule = match(rules, "\n".join(tail(log)), gang=gang) or (named(rules, DISK_FULL) if disk_full else None)
    if rule is None:
        return failed(Fault.USER, _reason(exit_code), exit_code=exit_code)
    outcome = failed(rule.fault, say("with_exit_code", reason=rule.reason, exit_code=exit_code), exit_code=exit_code)
    outcome.rule = rule.name
    return outcome


def _reason(exit_code: int) -> str:
    if exit_code == 128 + signal.SIGKILL:
        return say("killed_for_memory", exit_code=exit_code)
    if exit_code == NOT_STARTED:
        return say("not_started")
    if exit_code > 128:
        return say("killed_by", signal=_signal_name(exit_code - 128), exit_code=exit_code)
    return say("exit_code", exit_code=exit_code)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def tail(log: Path) -> list[str]:
    """The last lines of a log, each cut to a sane length."""
    try:
        with log.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - _TAIL_BYTES))
            text = file.read().decode(errors="replace")
    except FileNotFoundError:
        return []
    return [line[:_LINE_LIMIT] for line in text.splitlines()[-LAST_LINES:]]
