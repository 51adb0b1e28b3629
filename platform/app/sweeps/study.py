"""Optuna, as far as sweeps use it: a study is built from the sweep's own rows each time, asked, and forgotten.

So there is no second database, and a master that starts again goes on as if nothing had happened.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import optuna
from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.pruners import MedianPruner
from optuna.samplers import BaseSampler, RandomSampler, TPESampler
from optuna.trial import FrozenTrial, create_trial
from optuna.trial import TrialState as OptunaState

from proteinx.contracts.sweeps import Dimension, Point, SweepCreate, TrialState, Value

optuna.logging.set_verbosity(optuna.logging.WARNING)

_STATES: Final = {
    TrialState.WAITING: OptunaState.RUNNING,
    TrialState.LIVE: OptunaState.RUNNING,
    TrialState.COMPLETE: OptunaState.COMPLETE,
    TrialState.PRUNED: OptunaState.PRUNED,
    TrialState.FAILED: OptunaState.FAIL,
    TrialState.CANCELLED: OptunaState.FAIL,
}
_STRIDE: Final = 1_000_003
"""Between the seeds of two sweeps' samplers; one trial's is the next one's neighbour."""
_TELLING: Final = 4
"""Importance of keys is told from so many complete trials on."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A trial as its row has it."""

    number: int
    state: TrialState
    point: Point
    value: float | None = None
    curve: Mapping[int, float] = field(default_factory=dict)
    finalist: int | None = None
    seed: int | None = None


def ask(plan: SweepCreate, seen: Sequence[Seen], count: int) -> list[Point]:
    """What the sampler would try next. It knows of the trials that still run, so that it does not repeat them."""
    built = _build(plan, seen)
    distributions = {key: _distribution(dimension) for key, dimension in plan.space.items()}
    points = []
    for number in range(len(seen), len(seen) + count):
        built.sampler = _sampler(plan, number)
        asked = built.ask(distributions)
        points.append({key: _value(plan.space[key], asked.params[key]) for key in plan.space})
    return points


def below_median(plan: SweepCreate, seen: Sequence[Seen], trial: Seen) -> bool:
    """Whether Optuna's median rule ends this trial at the last step of its curve."""
    pruner = MedianPruner(n_startup_trials=plan.pruner.startup_trials, n_warmup_steps=plan.pruner.warmup_steps)
    others = [one for one in seen if one.number != trial.number]
    return pruner.prune(_build(plan, others), create_trial(state=OptunaState.RUNNING, **_values(plan, trial)))


def importance(plan: SweepCreate, seen: Sequence[Seen]) -> dict[str, float]:
    """PED-ANOVA (Watanabe et al. 2023) over the complete trials, as shares; empty where nothing can be told."""
    complete = [trial for trial in seen if trial.state is TrialState.COMPLETE]
    varied = [key for key in plan.space if len({trial.point[key] for trial in complete}) > 1]
    if len(complete) < _TELLING or not varied or len({trial.value for trial in complete}) < 2:
        return {}
    found = optuna.importance.get_param_importances(_build(plan, complete), params=varied)
    return {key: float(found.get(key, 0.0)) for key in sorted(varied, key=lambda key: -found.get(key, 0.0))}


def _build(plan: SweepCreate, seen: Sequence[Seen]) -> optuna.Study:
    study = optuna.create_study(direction=plan.direction, sampler=RandomSampler(seed=plan.seed))
    study.add_trials([_frozen(plan, trial) for trial in seen])
    return study


def _frozen(plan: SweepCreate, trial: Seen) -> FrozenTrial:
    state = _STATES[trial.state]
    if state is OptunaState.PRUNED and not trial.curve:
        state = OptunaState.FAIL  # nothing is known of it
    value = trial.value if state is OptunaState.COMPLETE else None
    return create_trial(state=state, value=value, **_values(plan, trial))


def _values(plan: SweepCreate, trial: Seen) -> dict[str, Any]:
    return {
        "params": {key: _index(plan.space[key], value) for key, value in trial.point.items()},
        "distributions": {key: _distribution(plan.space[key]) for key in trial.point},
        "intermediate_values": dict(trial.curve),
    }


def _distribution(dimension: Dimension) -> BaseDistribution:
    if dimension.values is not None:
        return CategoricalDistribution(range(len(dimension.values)))
    assert dimension.low is not None and dimension.high is not None  # noqa: S101  validated
    last = (dimension.points() or [dimension.high])[-1]  # the last step may fall short of the range's end
    if dimension.integer:
        return IntDistribution(int(dimension.low), int(last), log=dimension.log, step=int(dimension.step or 1))
    return FloatDistribution(dimension.low, float(last), log=dimension.log, step=dimension.step)


def _index(dimension: Dimension, value: Value) -> Value:
    """Of a list's values the place, so that any mixture of types will do."""
    if dimension.values is None:
        return value
    same = [place for place, other in enumerate(dimension.values) if (type(other), other) == (type(value), value)]
    return same[0]


def _value(dimension: Dimension, found: Value) -> Value:
    if dimension.values is not None:
        return dimension.values[int(found)]
    return round(found, 12) if dimension.step is not None and isinstance(found, float) else found


def _sampler(plan: SweepCreate, number: int) -> BaseSampler:
    seed = (plan.seed * _STRIDE + number) % 2**32
    return TPESampler(seed=seed) if plan.sampler == "tpe" else RandomSampler(seed=seed)
