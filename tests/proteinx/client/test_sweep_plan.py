"""Sweeps as people write them, in a file and on the command line."""

from pathlib import Path

import pytest

from proteinx.client import sweep_plan
from proteinx.client.sweep_plan import BadSweep
from proteinx.client.wishes import BadWish
from proteinx.contracts.jobs import JobCreate

FILE = """
project: protein
inputs: {data: gb1@1}
overrides: [trainer.max_epochs=20]
parameters: {depth: 3}
gpus: 1
memory: 8G
space:
  model: [cnn, transformer]
  optimizer.lr: {low: 1e-4, high: 1e-2, log: true}
  batch: [1e1, 20, true, "x y"]
metric: val_loss
pruner: asha
max_time: 12h
"""


def test_a_file_becomes_a_request(tmp_path: Path) -> None:
    path = tmp_path / "protein.yaml"
    path.write_text(FILE)
    request = sweep_plan.read(path)
    job = request.job
    assert (job.project, job.inputs, job.parameters) == ("protein", {"data": "gb1@1"}, {"depth": "3"})
    assert (job.resources.gpus, job.resources.memory) == (1, 8 * 1024**3)
    rate = request.space["optimizer.lr"]
    assert (rate.low, rate.high, rate.log) == (1e-4, 1e-2, True), "YAML takes 1e-4 for text"
    assert request.space["batch"].values == [10.0, 20, True, "x y"]
    assert (request.pruner.kind, request.max_seconds, request.sampler) == ("asha", 12 * 3600, "tpe")
    changed = sweep_plan.merged(request, {"max_trials": 3, "space": sweep_plan.dimensions(grid=["seed=1,2"])})
    assert (changed.max_trials, changed.max_seconds) == (3, 12 * 3600)
    assert list(changed.space) == ["model", "optimizer.lr", "batch", "seed"]


def test_options_become_a_space() -> None:
    space = sweep_plan.dimensions(["model=cnn,rnn", "n=1,2"], ["layers=1:4", "drop=0:0.5:0.1"], ["lr=1e-4:1e-2"])
    assert space["model"].values == ["cnn", "rnn"]
    assert space["n"].values == [1, 2]
    assert (space["layers"].integer, space["layers"].points()) == (True, [1, 2, 3, 4])
    assert space["drop"].points() == [0.0, 0.1, 0.2, 0.3, 0.4, 0.5]
    assert (space["lr"].log, space["lr"].low) == (True, 1e-4)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"grid": ["model"]}, "must read like"),
        ({"grid": ["a=1"], "log": ["a=1:2"]}, "given twice"),
        ({"log": ["lr=0:1"]}, "above 0"),
        ({"linear": ["lr=1"]}, "LOW:HIGH"),
        ({"linear": ["lr=a:b"]}, "in numbers"),
    ],
)
def test_options_that_can_not_be_read(options: dict[str, list[str]], said: str) -> None:
    with pytest.raises(BadSweep, match=said):
        sweep_plan.dimensions(**options)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[1]", "holds no sweep"),
        ("a: [", "is no YAML"),
        ("space: {a: [1]}", "which project"),
        ("project: x\nspac: {}", "Did you mean 'space'"),
        ("project: x\nmetric: m\nspace: {lr: 3}", "a list of values"),
        ("project: x\nmetric: m\nspace: {lr: {low: 2, high: 1}}", "space.lr: `low` must be below"),
        ("project: x\nmetric: m\nspace: {lr: [1]}\nsampler: tpi", "sampler"),
        ("project: x\nspace: {lr: [1]}", "metric"),
        ("project: x\nmetric: m\nspace: {lr: [1]}\nmax_time: soon", "max_time"),
    ],
)
def test_files_that_can_not_be_read(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(content)
    with pytest.raises(BadSweep, match=said):
        sweep_plan.read(path)


def test_wishes_keep_their_own_words() -> None:
    with pytest.raises(BadWish, match="memory"):
        sweep_plan.from_mapping({"project": "x", "memory": "lots", "metric": "m", "space": {"a": [1]}})
    with pytest.raises(BadSweep, match="no 'jobs'"):
        sweep_plan.plan(JobCreate(project="x"), {"jobs": 1})
