"""What a point of a Hydra multirun returns, and where its overrides go."""

from types import SimpleNamespace
from typing import Any

import pytest
from omegaconf import OmegaConf

from hydra_plugins.proteinx_launcher.launcher import ProteinxLauncher
from proteinx.contracts.projects import EntryPointView, SnapshotView
from proteinx.contracts.states import JobState
from proteinx.sdk import multirun


def returned(state: JobState, metric: str | None, logged: dict[str, float]) -> Any:
    launcher = ProteinxLauncher(metric=metric, inputs={}, entry_point=None, experiment="default", name=None)
    runs = SimpleNamespace(latest_metrics=lambda _: logged, status=lambda _: "FINISHED")
    made = SimpleNamespace(master=SimpleNamespace(runs=runs))
    job = SimpleNamespace(id="0" * 32, name="grid-0", state=state, reason="exit code 3")
    config = OmegaConf.create({"lr": 1, "hydra": {"overrides": {"task": ["lr=1"]}, "job": {"name": "train"}}})
    answer = launcher._answer(made, job, config)  # type: ignore[arg-type]
    assert (answer.overrides, dict(answer.cfg)) == (["lr=1"], {"lr": 1})
    return answer.return_value


def test_a_point_returns_its_objective_or_why_it_has_none(capsys: pytest.CaptureFixture[str]) -> None:
    logged = {"loss": 0.5, "system/cpu": 3.0}
    assert returned(JobState.SUCCEEDED, "loss", logged) == 0.5
    assert returned(JobState.SUCCEEDED, None, logged) == {"loss": 0.5}
    with pytest.raises(LookupError, match="it logged: loss"):
        returned(JobState.SUCCEEDED, "los", logged)
    with pytest.raises(multirun.PointFailed, match="exit code 3"):
        returned(JobState.FAILED, "loss", logged)


def test_the_entry_point_that_runs_the_script_is_taken() -> None:
    def entry(name: str, command: str) -> EntryPointView:
        return EntryPointView(name=name, parameters=[], command=command, config_name=None)

    main = entry("main", "python train.py data.path={data} lr={lr} overrides={overrides}")
    code = SnapshotView.model_construct(project="toy", entry_points=[entry("fit", "python train.py"), main])
    assert multirun.find_entry_point(code, "train.py", None) is main
    assert multirun.bound_keys(main) == {"data.path": "data", "lr": "lr"}
    with pytest.raises(multirun.NoEntryPoint, match="fit"):
        multirun.find_entry_point(code, "train.py", "predict")
    with pytest.raises(multirun.NoEntryPoint, match="name one of main, fit"):
        multirun.find_entry_point(code, "other.py", None)
