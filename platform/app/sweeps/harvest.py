"""What a trial's job has come to."""

import math

from app.clock import now
from app.models import Job, Trial
from app.nearest import choices, hint
from app.sweeps.study import Seen
from proteinx.contracts.phrases import say
from proteinx.contracts.states import JOB_ENDS, RUN_STATUS, JobState
from proteinx.contracts.sweeps import SweepCreate, TrialState


def is_settled(job: Job) -> bool:
    """It has ended, and its run's last metrics are noted down beside it."""
    state = JobState(job.state)
    return state in JOB_ENDS and job.run_status == RUN_STATUS[state]


def take(plan: SweepCreate, trial: Trial, job: Job) -> None:
    """Ends the trial of a job that is settled."""
    state = JobState(job.state)
    if state is JobState.SUCCEEDED:
        _succeed(plan, trial, job)
    elif state is JobState.FAILED:
        end(trial, TrialState.FAILED, job.reason)
    elif trial.prune_reason is not None:
        last = last_step(trial)
        trial.value = None if last is None else trial.curve[str(last)]
        end(trial, TrialState.PRUNED, trial.prune_reason)
    else:
        end(trial, TrialState.CANCELLED, job.reason)


def _succeed(plan: SweepCreate, trial: Trial, job: Job) -> None:
    value = job.metrics.get(plan.metric)
    if value is not None and math.isfinite(value):
        trial.value = value
        end(trial, TrialState.COMPLETE, "")
        return
    logged = sorted(name for name in job.metrics if not name.startswith("system/"))
    there = {"choices": choices(logged), "hint": hint(plan.metric, logged)}
    told = say("no_finite_metric", metric=plan.metric, **there)
    end(trial, TrialState.FAILED, told)


def end(trial: Trial, state: TrialState, reason: str) -> None:
    trial.state, trial.reason, trial.ended_at = state.value, reason, now()


def last_step(trial: Trial) -> int | None:
    return max((int(step) for step in trial.curve), default=None)


def seen(trial: Trial) -> Seen:
    return Seen(
        number=trial.number,
        state=TrialState(trial.state),
        point=trial.point,
        value=trial.value,
        curve={int(step): value for step, value in trial.curve.items()},
        finalist=trial.finalist,
        seed=trial.seed,
    )
