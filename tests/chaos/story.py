"""Plays a plan: people use the lab while one fault after the other strikes it, until every job has ended."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tests.chaos.faults import INJECTORS, MASTER, Scene, Struck
from tests.chaos.kinds import KINDS
from tests.chaos.lab import ChaosLab
from tests.chaos.people import People, Submitted
from tests.chaos.plan import FaultPlan, Plan

TICK = 0.05
LINGERS = {kind.name: kind.lingers for kind in KINDS}


@dataclass(slots=True)
class Record:
    """What became of a planned fault."""

    plan: FaultPlan
    struck: Struck | None = None
    """None where all jobs had ended before it found anything."""
    began: float = 0.0
    ended: float = 0.0


@dataclass(slots=True)
class Story:
    plan: Plan
    jobs: Sequence[Submitted]
    records: list[Record]
    scene: Scene
    seconds: float
    troubles: list[str] = field(default_factory=list)

    def disturbed(self, node: str) -> list[tuple[float, float]]:
        """When the node, or the master, was struck: from and to, by the monotonic clock."""
        return [
            (record.began, record.ended + LINGERS[record.plan.kind])
            for record in self.records
            if record.struck and (node in record.struck.holds or MASTER in record.struck.holds)
        ]


class Player:
    def __init__(self, lab: ChaosLab, plan: Plan, tell: Callable[[str], None] = lambda _: None) -> None:
        self._plan = plan
        self._tell = tell
        self._scene = Scene(lab)
        self._waiting = list(plan.faults)
        self._records: list[Record] = []
        self._healers: list[threading.Thread] = []
        self._troubles: list[str] = []
        self._lab = lab

    def play(self, patience: float) -> Story:
        """`patience`: seconds after which what has not ended counts as stuck."""
        began = time.monotonic()
        people = People(self._lab, self._plan, began)
        people.start()
        deadline = began + patience
        while people.is_alive() and time.monotonic() < deadline:
            self._strike_due(time.monotonic() - began)
            people.join(TICK)
        for fault in self._waiting:
            self._records.append(Record(fault))
        for healer in self._healers:
            healer.join(120)
        people.join(max(0.0, deadline - time.monotonic()))
        people.stop.set()
        people.join(30)
        if people.error is not None:
            self._troubles.append(f"the people gave up: {people.error!r}")
        return Story(
            self._plan, people.jobs, self._records, self._scene, time.monotonic() - began, troubles=self._troubles
        )

    def _strike_due(self, at: float) -> None:
        """What finds nothing to strike waits until there is something."""
        for fault in [one for one in self._waiting if one.at <= at]:
            if self._strike(fault):
                self._waiting.remove(fault)

    def _strike(self, fault: FaultPlan) -> bool:
        """Whether it is dealt with."""
        began = time.monotonic()
        try:
            struck = INJECTORS[fault.kind](self._scene, fault)
        except Exception as error:  # the story goes on, and does not pass for a good one
            self._troubles.append(f"{fault.kind} could not be injected: {error!r}")
            self._records.append(Record(fault))
            return True
        if struck is None:
            return False
        record = Record(fault, struck, began, time.monotonic())
        self._records.append(record)
        self._tell(f"{began % 10000:8.2f}  {fault.number:3}  {fault.kind}: {struck.target}")
        if struck.heal is not None:
            self._scene.busy |= struck.holds
            healer = threading.Thread(target=self._heal_later, args=(record, struck), daemon=True)
            self._healers.append(healer)
            healer.start()
        return True

    def _heal_later(self, record: Record, struck: Struck) -> None:
        threading.Event().wait(record.plan.seconds)
        try:
            assert struck.heal is not None
            struck.heal()
        except BaseException as error:
            self._troubles.append(f"{record.plan.kind} of {struck.target} could not be healed: {error}")
        record.ended = time.monotonic()
        self._scene.busy -= struck.holds
