"""What a sweep does next, without a master: whole sweeps are played with invented trials."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.sweeps import deciding, points, study
from app.sweeps.study import Seen
from proteinx.contracts.jobs import JobCreate
from proteinx.contracts.sweeps import TRIAL_ENDS, Dimension, Pruner, SweepCreate, TrialState

JOB = JobCreate(project="toy")
MODELS = Dimension(values=["cnn", "rnn", "ridge"])
RATE = Dimension(low=1e-4, high=1e-1, log=True)
LAYERS = Dimension(low=1, high=4, integer=True)


def plan(**changes: object) -> SweepCreate:
    return SweepCreate.model_validate({"job": JOB, "space": {"model": MODELS, "lr": RATE}, "metric": "loss", **changes})


def trial(number: int, state: TrialState = TrialState.COMPLETE, value: float | None = None, **more: object) -> Seen:
    point = more.pop("point", {"model": "cnn", "lr": 0.001 * (number + 1)})
    return Seen(number, state, point, value, **more)  # type: ignore[arg-type]


def play(asked: SweepCreate, draw: random.Random, *, fails: float = 0.0) -> list[Seen]:
    """Trials end in any order; the rows are all that is kept between two decisions."""
    seen: list[Seen] = []
    for _ in range(500):
        decision = deciding.decide(asked, seen, out_of_time=False)
        assert decision == deciding.decide(asked, list(seen), out_of_time=False), "the same rows, the same decision"
        if decision.over:
            return seen
        seen += [Seen(n.number, TrialState.LIVE, n.point, None, {}, n.finalist, n.seed) for n in decision.new]
        live = [one.number for one in seen if one.state not in TRIAL_ENDS]
        assert live, "it neither goes on nor ends"
        assert len(live) <= asked.parallelism
        number = draw.choice(live)
        failed = draw.random() < fails
        state = TrialState.FAILED if failed else TrialState.COMPLETE
        seen[number] = replace(seen[number], state=state, value=None if failed else draw.random())
    raise AssertionError("it never came to an end")


@settings(max_examples=12, deadline=None)
@given(
    sampler=st.sampled_from(["grid", "random", "tpe"]),
    parallelism=st.integers(1, 5),
    trials=st.integers(1, 14),
    seeds=st.lists(st.integers(0, 9), max_size=2, unique=True),
    draw=st.randoms(use_true_random=False),
)
def test_any_sweep_keeps_to_its_budget_and_ends(
    sampler: str, parallelism: int, trials: int, seeds: list[int], draw: random.Random
) -> None:
    space = {"model": MODELS, "layers": LAYERS}
    finalists = 2 if seeds else 0
    asked = plan(
        space=space, sampler=sampler, parallelism=parallelism, max_trials=trials, seeds=seeds, finalists=finalists
    )
    seen = play(asked, draw)
    search = [one for one in seen if one.finalist is None]
    assert len(search) == min(trials, 12)
    assert len({tuple(one.point.items()) for one in search}) == len(search), "no point of a finite space comes twice"
    finals = {(one.finalist, one.seed) for one in seen if one.finalist is not None}
    best = [one.number for one in deciding.ranked(asked, seen)[:finalists]]
    assert finals == {(number, seed) for number in best for seed in seeds}
    assert [one.number for one in seen] == list(range(len(seen)))


@settings(max_examples=8, deadline=None)
@given(st.floats(0.2, 1.0), st.randoms(use_true_random=False))
def test_a_sweep_of_trials_that_fail_ends_too(fails: float, draw: random.Random) -> None:
    seen = play(plan(max_trials=8, sampler="random", parallelism=3), draw, fails=fails)
    states = [one.state for one in seen]
    if set(states) == {TrialState.FAILED}:
        assert len(states) <= deciding.HOPELESS + 2
        assert deciding.decide(plan(max_trials=8, parallelism=3), seen, out_of_time=False).failed


def test_values_come_back_as_they_were_given() -> None:
    mixed = Dimension(values=[1, 1.5, True, "1", "on"])
    asked = plan(space={"x": mixed, "n": LAYERS, "s": Dimension(low=0.1, high=0.5, step=0.1)}, sampler="random")
    found = deciding.next_points(asked, [], 40)
    assert {repr(point["x"]) for point in found} == {"1", "1.5", "True", "'1'", "'on'"}
    assert all(isinstance(point["n"], int) and 1 <= point["n"] <= 4 for point in found)
    assert {point["s"] for point in found} <= {0.1, 0.2, 0.3, 0.4, 0.5}


def test_the_sampler_learns_where_it_is_good() -> None:
    seen: list[Seen] = []
    asked = plan(max_trials=60, parallelism=1, seed=3)
    for number in range(60):
        [point] = deciding.next_points(asked, seen, 1)
        loss = (0.0 if point["model"] == "rnn" else 1.0) + abs(float(point["lr"]) - 0.01) * 10
        seen.append(trial(number, value=loss, point=point))
    late = [one for one in seen[40:] if one.point["model"] == "rnn"]
    assert len(late) > 12, "chance alone would give about 7"


def test_importance_names_the_key_that_matters() -> None:
    asked = plan(sampler="random", max_trials=60)
    found = deciding.next_points(asked, [], 60)
    noise = random.Random(1)
    losses = [(0.0 if point["model"] == "rnn" else 1.0) + 0.1 * noise.random() for point in found]
    seen = [trial(i, value=loss, point=point) for i, (loss, point) in enumerate(zip(losses, found, strict=True))]
    told = study.importance(asked, seen)
    assert told["model"] > 0.7
    assert sum(told.values()) == pytest.approx(1.0)
    assert study.importance(asked, seen[:3]) == {}, "too few to tell"


def test_other_seeds_choose_other_points() -> None:
    first, second = (deciding.next_points(plan(sampler="random", seed=seed), [], 4) for seed in (0, 1))
    assert first != second
    assert first == deciding.next_points(plan(sampler="random", seed=0), [], 4)


def test_asha_ends_what_is_not_among_the_best_at_a_rung() -> None:
    asked = plan(pruner=Pruner(kind="asha", min_resource=2, reduction_factor=2), direction="maximize")
    good = trial(0, TrialState.COMPLETE, 0.9, curve={1: 0.5, 2: 0.8, 4: 0.9})
    poor = trial(1, TrialState.LIVE, curve={1: 0.9, 2: 0.1})
    assert "step 2" in deciding.judge(asked, [good, poor], poor, after=1)
    assert deciding.judge(asked, [good, poor], poor, after=2) == "", "each rung is judged once"
    early = replace(poor, curve={1: 0.1})
    assert deciding.judge(asked, [good, early], early, after=None) == ""
    better = replace(poor, curve={2: 0.85})
    assert deciding.judge(asked, [good, better], better, after=None) == ""
    late = replace(poor, curve={1: 0.9, 2: 0.85, 4: 0.2})
    assert "step 4" in deciding.judge(asked, [good, late], late, after=3)


def test_the_median_rule_waits_for_enough_complete_ones() -> None:
    asked = plan(pruner=Pruner(kind="median", startup_trials=3, warmup_steps=2))
    complete = [trial(number, value=1.0, curve={1: 1.0, 2: 1.0, 3: 1.0}) for number in range(3)]
    poor = trial(3, TrialState.LIVE, curve={1: 5.0, 2: 5.0})
    assert "median" in deciding.judge(asked, [*complete, poor], poor, after=1)
    assert deciding.judge(asked, [*complete[:2], poor], poor, after=1) == ""
    warming = replace(poor, curve={1: 5.0})
    assert deciding.judge(asked, [*complete, warming], warming, after=None) == ""
    final = replace(poor, finalist=0)
    assert deciding.judge(asked, [*complete, final], final, after=None) == "", "finals run to their end"


def test_finals_tell_mean_and_spread() -> None:
    asked = plan(finalists=2, seeds=[1, 2], max_trials=3)
    search = [trial(0, value=0.3), trial(1, value=0.1), trial(2, value=0.2)]
    values = {(1, 1): 0.5, (1, 2): 0.7, (2, 1): 0.2, (2, 2): 0.4}
    repeats = [
        trial(3 + i, value=value, finalist=of, seed=seed) for i, ((of, seed), value) in enumerate(values.items())
    ]
    views = deciding.finals(asked, [*search, *repeats])
    assert [(view.number, round(view.mean or 0, 6)) for view in views] == [(2, 0.3), (1, 0.6)]
    assert views[0].spread == pytest.approx(0.1414, abs=1e-4)


def test_when_time_is_up_nothing_new_is_searched() -> None:
    asked = plan(max_trials=10, max_seconds=1)
    live = [trial(0, TrialState.LIVE)]
    assert deciding.decide(asked, live, out_of_time=True) == deciding.Decision()
    assert deciding.decide(asked, [trial(0, value=1.0)], out_of_time=True).over


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("cnn", "cnn"),
        ("a/b.c", "a/b.c"),
        (0.001, "0.001"),
        (1e-05, "1e-05"),
        (True, "true"),
        (3, "3"),
        ("1e-4", "'1e-4'"),
        ("null", "'null'"),
        ("a, b", "'a, b'"),
        ("it's", "'it\\'s'"),
        ("", "''"),
    ],
)
def test_values_are_written_so_that_hydra_reads_them_back(value: object, written: str) -> None:
    from hydra.core.override_parser.overrides_parser import OverridesParser

    assert points.quoted(value) == written  # type: ignore[arg-type]
    assert OverridesParser.create().parse_override(f"key={written}").value() == value


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "give `values`, or a range"),
        ({"values": []}, "no point to try"),
        ({"values": [1], "low": 0, "high": 1}, "not both"),
        ({"low": 2, "high": 1}, "must be below"),
        ({"low": 1, "high": 1}, "must be below"),
        ({"low": 0, "high": 1, "log": True}, "above 0"),
        ({"low": 0, "high": 1, "step": 2}, "larger than the range"),
        ({"low": 0.5, "high": 3, "integer": True}, "must be whole"),
        ({"low": 1}, "give `values`, or a range"),
        ({"low": 1, "high": float("inf")}, "finite"),
        ({"values": ["a", "a"]}, "twice"),
    ],
)
def test_contradictory_dimensions_are_refused(given: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Dimension.model_validate(given)
