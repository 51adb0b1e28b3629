"""What a sweep does next: a pure function of what was asked for and of the trials there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from statistics import fmean, stdev
from typing import Final

from app.sweeps import points, study
from app.sweeps.study import Seen
from proteinx.contracts.phrases import say
from proteinx.contracts.sweeps import TRIAL_ENDS, FinalistView, Point, SweepCreate, TrialState

HOPELESS: Final = 5
"""When the first so many trials fail, no more are started."""
_DRAWS: Final = 3


@dataclass(frozen=True, slots=True)
class NewTrial:
    number: int
    point: Point
    finalist: int | None = None
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    new: tuple[NewTrial, ...] = ()
    over: bool = False
    """Nothing is left to do."""
    failed: str = ""
    """Why it gives up."""


def decide(plan: SweepCreate, seen: Sequence[Seen], *, out_of_time: bool) -> Decision:
    """`seen` by number, without gaps."""
    search = [trial for trial in seen if trial.finalist is None]
    open_ones = [trial for trial in seen if trial.state not in TRIAL_ENDS]
    if _is_hopeless(search):
        told = say("hopeless", n=HOPELESS)
        return Decision() if open_ones else Decision(over=True, failed=told)
    free = max(0, plan.parallelism - len(open_ones))
    left = 0 if out_of_time else points.budget(plan) - len(search)
    if left > 0:
        found = next_points(plan, search, min(free, left))
        return Decision(tuple(NewTrial(len(seen) + i, point) for i, point in enumerate(found)))
    if any(trial.finalist is None for trial in open_ones):
        return Decision()
    finals = _finals(plan, seen)
    if finals or open_ones:
        new = [NewTrial(len(seen) + i, *final) for i, final in enumerate(finals[:free])]
        return Decision(tuple(new))
    if not any(trial.state is TrialState.COMPLETE for trial in search):
        return Decision(over=True, failed="no trial came to an end with a value")
    return Decision(over=True)


def _is_hopeless(search: Sequence[Seen]) -> bool:
    ended = [trial.state for trial in search if trial.state in TRIAL_ENDS]
    return len(ended) >= HOPELESS and all(state is TrialState.FAILED for state in ended)


def next_points(plan: SweepCreate, search: Sequence[Seen], count: int) -> list[Point]:
    """A point of a space that has an end comes once only: where the sampler repeats itself, the next one in order."""
    if count == 0:
        return []
    if plan.sampler == "grid":
        return list(islice(points.grid(plan.space), len(search), len(search) + count))
    if points.size(plan.space) is None:
        return study.ask(plan, search, count)
    found: list[Point] = []
    known = {_key(trial.point) for trial in search}
    for _ in range(count):
        asked = [Seen(len(search) + i, TrialState.LIVE, point) for i, point in enumerate(found)]
        fresh = [point for point in study.ask(plan, [*search, *asked], _DRAWS) if _key(point) not in known]
        point = fresh[0] if fresh else next(one for one in points.grid(plan.space) if _key(one) not in known)
        found.append(point)
        known.add(_key(point))
    return found


def _key(point: Point) -> tuple[tuple[str, str], ...]:
    return tuple((key, repr(value)) for key, value in sorted(point.items()))


def ranked(plan: SweepCreate, seen: Sequence[Seen]) -> list[Seen]:
    """The search's complete trials, the best first; of equal ones the earlier."""
    sign = 1.0 if plan.direction == "minimize" else -1.0
    complete = [(sign * trial.value, trial) for trial in seen if _counts(trial) and trial.value is not None]
    return [trial for _, trial in sorted(complete, key=lambda pair: (pair[0], pair[1].number))]


def _counts(trial: Seen) -> bool:
    return trial.state is TrialState.COMPLETE and trial.finalist is None


def _finals(plan: SweepCreate, seen: Sequence[Seen]) -> list[tuple[Point, int, int]]:
    """The repetitions that are not made yet."""
    made = {(trial.finalist, trial.seed) for trial in seen if trial.finalist is not None}
    wanted = ((trial, seed) for trial in ranked(plan, seen)[: plan.finalists] for seed in plan.seeds)
    return [(trial.point, trial.number, seed) for trial, seed in wanted if (trial.number, seed) not in made]


def finals(plan: SweepCreate, seen: Sequence[Seen]) -> list[FinalistView]:
    """The finalists, the best mean first."""
    views = []
    for trial in ranked(plan, seen)[: plan.finalists if plan.seeds else 0]:
        values = [one.value for one in seen if one.finalist == trial.number and one.value is not None]
        mean = fmean(values) if values else None
        spread = stdev(values) if len(values) > 1 else None
        views.append(FinalistView(number=trial.number, point=trial.point, values=values, mean=mean, spread=spread))
    sign = 1.0 if plan.direction == "minimize" else -1.0
    return sorted(views, key=lambda view: (view.mean is None, sign * (view.mean or 0.0), view.number))


def judge(plan: SweepCreate, seen: Sequence[Seen], trial: Seen, *, after: int | None) -> str:
    """Why this trial ends early, empty if it does not. `after`: the last step that was judged before.

    `trial` has its newest points, `seen` all others as they stand. Finals run to their end.
    """
    if trial.finalist is not None or not trial.curve:
        return ""
    search = [one for one in seen if one.finalist is None and one.number != trial.number]
    if plan.pruner.kind == "median":
        return _by_median(plan, search, trial, after)
    return _by_rungs(plan, search, trial, after) if plan.pruner.kind == "asha" else ""


def _by_median(plan: SweepCreate, search: Sequence[Seen], trial: Seen, after: int | None) -> str:
    last = max(trial.curve)
    if after is not None and last <= after:
        return ""
    if not study.below_median(plan, search, trial):
        return ""
    return say("pruned_by_median", step=last)


def _by_rungs(plan: SweepCreate, search: Sequence[Seen], trial: Seen, after: int | None) -> str:
    """Asynchronous successive halving: judged once at each rung, when it is reached."""
    sign = 1.0 if plan.direction == "minimize" else -1.0
    rung = plan.pruner.min_resource
    while (reached := _at(trial, rung)) is not None:
        step, value = reached
        others = [found[1] for one in search if (found := _at(one, rung)) is not None]
        scores = sorted(sign * score for score in [*others, value])
        best = max(1, len(scores) // plan.pruner.reduction_factor)
        if (after is None or step > after) and sign * value > scores[best - 1]:
            return say("pruned_by_rungs", step=step, best=best, n=len(scores))
        rung *= plan.pruner.reduction_factor
    return ""


def _at(trial: Seen, rung: int) -> tuple[int, float] | None:
    """The first step at or behind the rung, with its value."""
    steps = [step for step in trial.curve if step >= rung]
    return (min(steps), trial.curve[min(steps)]) if steps else None
