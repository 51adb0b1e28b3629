"""Keeps every sweep going: takes in what its trials have come to, ends hopeless ones, starts the next.

A turn reads rows, decides, and writes rows; nothing is remembered between two, but when the curves were last read.
"""

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.clock import now
from app.jobs import actions, attempts
from app.master import Master
from app.models import Job, Sweep, Trial
from app.scheduling.placing import Fence
from app.sweeps import closing, deciding, harvest, service, starting
from app.tracking.rest import MlflowError
from proteinx.contracts.states import JOB_ENDS, JobState
from proteinx.contracts.sweeps import SWEEP_ENDS, TRIAL_ENDS, SweepCreate, SweepState, TrialState

log = logging.getLogger(__name__)

CURVES_EVERY: Final = 1.0
"""Seconds between two looks at the metrics of one sweep's running trials."""
POINTS: Final = 2000
ACTOR: Final = "sweep"
PRUNED_TAG: Final = "proteinx.pruned"
"""On the run of a trial that was ended early; its value says why."""

Curve = dict[int, float]


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read of a sweep before its turn's transaction."""

    plan: SweepCreate
    curves: Mapping[int, Curve]
    """Trial -> the metric's points that are new."""
    stirs: bool
    """Whether anything may have to be written."""
    settled: frozenset[int]
    """Trials whose jobs had ended by then: of one that ends later the last points and the tag come at the next turn."""


class Conductor:
    def __init__(self, master: Master) -> None:
        self._master = master
        self._looked: dict[str, float] = {}

    def turn(self, fence: Fence) -> None:
        """One turn of each sweep that is not over. One that fails holds up no other; its error is raised at the end."""
        errors: list[Exception] = []
        sweeps = self._open()
        self._looked = {sweep_id: at for sweep_id, at in self._looked.items() if sweep_id in sweeps}
        for sweep_id in sweeps:
            try:
                self._conduct(fence, sweep_id)
            except Exception as error:
                log.warning("the sweep %s had to leave out a turn: %s", sweep_id, error)
                errors.append(error)
        if errors:
            raise errors[0]

    def _open(self) -> Sequence[str]:
        unsettled = [
            (Sweep.state == state.value) & (Sweep.run_status != status) for state, status in closing.RUN_STATUS.items()
        ]
        live = Sweep.state.not_in([state.value for state in SWEEP_ENDS])
        query = select(Sweep.id).where(or_(live, *unsettled)).order_by(Sweep.created_at)
        with self._master.db.read() as session:
            return session.scalars(query).all()

    def _conduct(self, fence: Fence, sweep_id: str) -> None:
        read = self._look(sweep_id)
        if read.stirs:
            with self._master.db.write() as session:
                fence(session)
                sweep = service.lock(session, sweep_id)
                trials = list(_trials(session, sweep_id))
                self._take_in(session, read, sweep, trials)
                sweep.best = closing.best(read.plan, trials)
                _move(session, read.plan, sweep, trials)
            if sweep.state == SweepState.RUNNING.value:
                starting.start_waiting(self._master, sweep, read.plan)
        closing.bring_run_in_line(self._master, fence, sweep_id)

    def _look(self, sweep_id: str) -> _Read:
        """Asks MLflow with no transaction open."""
        with self._master.db.read() as session:
            sweep = service.get(session, sweep_id)
            trials = _trials(session, sweep_id)
            rows = [(trial, job) for trial in trials if _is_live(trial) and (job := _job(session, trial)) is not None]
        plan = SweepCreate.model_validate(sweep.request)
        curves = self._curves(sweep_id, plan, rows)
        ended = [(trial, job) for trial, job in rows if harvest.is_settled(job)]
        for trial, job in ended:
            if trial.prune_reason is not None:
                self._master.tracking.set_tags(job.id, {PRUNED_TAG: trial.prune_reason})
        open_ones = sum(TrialState(trial.state) not in TRIAL_ENDS for trial in trials)
        has_room = open_ones < plan.parallelism or open_ones > len(rows)  # or trials without a job
        moves = sweep.state == SweepState.STOPPING.value or (sweep.state == SweepState.RUNNING.value and has_room)
        settled = frozenset(trial.number for trial, _ in ended)
        return _Read(plan, curves, bool(curves or ended or moves), settled)

    def _curves(self, sweep_id: str, plan: SweepCreate, rows: Sequence[tuple[Trial, Job]]) -> dict[int, Curve]:
        """The new points of what runs, once in a while, and of what has just ended."""
        if plan.pruner.kind == "none":
            return {}
        at = time.monotonic()
        due = at - self._looked.get(sweep_id, -CURVES_EVERY) >= CURVES_EVERY
        if due:
            self._looked[sweep_id] = at
        wanted = [(t, job) for t, job in rows if harvest.is_settled(job) or (due and job.state == JobState.RUNNING)]
        found = {trial.number: self._curve(job.id, plan.metric, trial) for trial, job in wanted}
        return {number: curve for number, curve in found.items() if curve}

    def _curve(self, job_id: str, metric: str, trial: Trial) -> Curve:
        after = harvest.last_step(trial)
        try:
            found = self._master.tracking.curve(job_id, metric, points=POINTS, after=after)
        except MlflowError as error:  # it said no, and will say so again: a person has deleted the run, for one
            log.warning("MLflow has no curve of trial %s: %s", job_id, error)
            return {}
        return dict(zip(found.steps, found.values, strict=True))

    def _take_in(self, session: Session, read: _Read, sweep: Sweep, trials: Sequence[Trial]) -> None:
        """New points, ends of jobs, and the verdict on what still runs."""
        for trial in trials:
            job = _job(session, trial) if _is_live(trial) else None
            if job is None:
                continue
            after = harvest.last_step(trial)
            new = read.curves.get(trial.number, {})
            if new:
                trial.curve = {**trial.curve, **{str(step): value for step, value in new.items()}}
            if trial.number in read.settled:
                harvest.take(read.plan, trial, job)
            elif sweep.state == SweepState.STOPPING.value:
                self._call_off(session, job.id, sweep.reason)  # its job was being made while the sweep was stopped
            elif new and trial.prune_reason is None:
                self._judge(session, read.plan, trials, trial, after)

    def _judge(
        self, session: Session, plan: SweepCreate, trials: Sequence[Trial], trial: Trial, after: int | None
    ) -> None:
        reason = deciding.judge(plan, [harvest.seen(one) for one in trials], harvest.seen(trial), after=after)
        if reason and trial.job_id and self._call_off(session, trial.job_id, reason):
            trial.prune_reason = reason

    def _call_off(self, session: Session, job_id: str, reason: str) -> bool:
        """Whether it had not ended by itself."""
        job = attempts.lock_job(session, job_id)
        if job is None or JobState(job.state) in JOB_ENDS:
            return False
        actions.call_off(session, self._master, job, actor=ACTOR, reason=reason)
        return True


def _move(session: Session, plan: SweepCreate, sweep: Sweep, trials: list[Trial]) -> None:
    """The sweep's next step by what is there now: new trials, or its end."""
    if sweep.state == SweepState.STOPPING.value:
        for trial in trials:
            if trial.state == TrialState.WAITING.value:
                harvest.end(trial, TrialState.CANCELLED, sweep.reason)
        if all(TrialState(trial.state) in TRIAL_ENDS for trial in trials):
            _end(sweep, SweepState.STOPPED, sweep.reason)
    elif sweep.state == SweepState.RUNNING.value:
        out_of_time = plan.max_seconds is not None and service.spent(sweep) >= plan.max_seconds
        decision = deciding.decide(plan, [harvest.seen(trial) for trial in trials], out_of_time=out_of_time)
        for new in decision.new:
            session.add(starting.row(sweep, new))
        if decision.over:
            failed = bool(decision.failed)
            _end(sweep, SweepState.FAILED if failed else SweepState.FINISHED, decision.failed)


def _end(sweep: Sweep, state: SweepState, reason: str) -> None:
    service.stop_clock(sweep)
    sweep.state, sweep.reason, sweep.ended_at = state.value, reason, now()


def _trials(session: Session, sweep_id: str) -> Sequence[Trial]:
    return session.scalars(select(Trial).where(Trial.sweep_id == sweep_id).order_by(Trial.number)).all()


def _job(session: Session, trial: Trial) -> Job | None:
    return session.get(Job, trial.job_id) if trial.job_id else None


def _is_live(trial: Trial) -> bool:
    return trial.state == TrialState.LIVE.value
