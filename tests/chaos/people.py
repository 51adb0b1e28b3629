"""Those who use the lab meanwhile: they submit, cancel, and release what is held, and wait for the end of it all."""

import threading
import time
from dataclasses import dataclass

from proteinx.client import ApiError
from proteinx.contracts.jobs import GIB, JobCreate, JobView, Resources
from proteinx.contracts.states import JOB_ENDS, JobState
from tests.chaos.lab import ChaosLab
from tests.chaos.plan import Fate, JobPlan, Plan

POLL = 0.3


@dataclass(slots=True)
class Submitted:
    plan: JobPlan
    id: str
    cancel_at: float | None
    cancelled: bool = False
    """The master took the order."""
    releases: int = 0
    state: JobState = JobState.PENDING

    @property
    def over(self) -> bool:
        return self.state in JOB_ENDS


class People(threading.Thread):
    """Ends once every job of the plan has ended; `error` says what went wrong with the people themselves."""

    def __init__(self, lab: ChaosLab, plan: Plan, began: float) -> None:
        super().__init__(name="people", daemon=True)
        self._lab = lab
        self._plan = plan
        self._began = began
        self.jobs: list[Submitted] = []
        self.error: BaseException | None = None
        self.stop = threading.Event()

    def run(self) -> None:
        try:
            while not self.stop.wait(0.05) and not self.done():
                self._submit_due()
                self._look()
                self._cancel_due()
                self.stop.wait(POLL)
        except BaseException as error:
            self.error = error

    def done(self) -> bool:
        return len(self.jobs) == len(self._plan.jobs) and all(job.over for job in self.jobs)

    def _submit_due(self) -> None:
        for plan in self._plan.jobs[len(self.jobs) :]:
            if time.monotonic() < self._began + plan.at:
                return
            view = self._lab.people.jobs.create(_request(plan, self._lab))
            at = time.monotonic() + plan.cancel_after if plan.fate is Fate.CANCEL else None
            self.jobs.append(Submitted(plan, view.id, at))

    def _look(self) -> None:
        states = {view.id: view.state for view in _newest(self._lab, len(self.jobs))}
        for job in self.jobs:
            job.state = states.get(job.id, job.state)
            if job.state is JobState.HELD:
                self._lab.people.jobs.release(job.id)
                job.releases += 1

    def _cancel_due(self) -> None:
        for job in self.jobs:
            if job.cancel_at is None or job.cancelled or job.over or time.monotonic() < job.cancel_at:
                continue
            try:
                self._lab.people.jobs.cancel(job.id)
                job.cancelled = True
            except ApiError as error:
                if error.code != "already_ended":
                    raise
                job.cancel_at = None


def _request(plan: JobPlan, lab: ChaosLab) -> JobCreate:
    dials: dict[str, float | str] = {"seed": plan.seed, "steps": plan.steps, "pause": plan.pause, "every": plan.every}
    dials |= {"size": plan.size, "fail_at": plan.fail_at, "stamps": str(lab.stamps)}
    return JobCreate(
        project="steps",
        parameters={name: str(value) for name, value in dials.items()},
        resources=Resources(cpus=lab.cpus / 2, memory=GIB // 8, nodes=plan.nodes),
        name=f"chaos-{plan.number}",
        experiment="chaos",
        max_attempts=plan.max_attempts,
        time_limit=plan.time_limit,
        on_partition="stop" if plan.stops_alone else "continue",
        grace=1.0,
        idempotency_key=f"chaos-{plan.number}",
    )


def _newest(lab: ChaosLab, count: int) -> list[JobView]:
    found: list[JobView] = []
    cursor = None
    while len(found) < count:
        page = lab.people.jobs.page(limit=200, cursor=cursor)
        found += page.items
        cursor = page.next
        if cursor is None:
            break
    return found
