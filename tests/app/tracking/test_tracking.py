"""The master's own dealings with MLflow, against a real server, and the registry's routes."""

from datetime import timedelta

import pytest

from app.clock import now
from app.errors import NotFound, Unavailable, Unprocessable
from app.tracking.mlflow import MlflowTracking
from app.tracking.rest import Rest
from app.tracking.server import Upstream
from tests.app.tracking.conftest import Served


def _run(served: Served, run_id: str) -> dict:
    return served.api("ada", "GET", "runs/get", params={"run_id": run_id}).json()["run"]


def test_a_jobs_run_is_made_waiting_with_its_artifacts_in_the_workdir(served: Served) -> None:
    made = served.tracking.create_run("new experiment", "a name", "bo", {"proteinx.project": "protein"})
    run = _run(served, made.run_id)
    assert run["info"]["status"] == "SCHEDULED"
    assert run["info"]["run_name"] == "a name"
    assert run["info"]["artifact_uri"] == f"mlflow-artifacts:/{made.run_id}/artifacts"
    tags = {tag["key"]: tag["value"] for tag in run["data"]["tags"]}
    assert tags == {"mlflow.user": "bo", "mlflow.runName": "a name", "proteinx.project": "protein"}
    again = served.tracking.create_run("new experiment", "b", "bo", {})
    assert again.experiment_id == made.experiment_id


def test_many_and_long_params_are_all_logged(served: Served) -> None:
    run_id = served.tracking.create_run("params", "p", "bo", {}).run_id
    params = {f"group.key{number}": f"值{number}" for number in range(250)} | {"long": "长" * 10_000}
    served.tracking.log_params(run_id, params)
    served.tracking.log_params(run_id, params)
    logged = {item["key"]: item["value"] for item in _run(served, run_id)["data"]["params"]}
    assert logged == {**params, "long": "长" * 6000}


@pytest.mark.parametrize("count", [2, 250])
def test_a_run_is_described_at_once_or_in_parts(served: Served, count: int) -> None:
    run_id = served.tracking.create_run("described", "d", "bo", {}).run_id
    params = {f"key{number}": "值" * 6001 for number in range(count)}
    served.tracking.describe(run_id, {"proteinx.job": run_id}, params)
    data = _run(served, run_id)["data"]
    assert {item["key"]: item["value"] for item in data["params"]} == dict.fromkeys(params, "值" * 6000)
    assert {"key": "proteinx.job", "value": run_id} in data["tags"]


def test_status_is_set_and_set_again(served: Served) -> None:
    run_id = served.tracking.create_run("status", "s", "bo", {}).run_id
    for status in ("RUNNING", "RUNNING", "FINISHED", "FINISHED"):
        served.tracking.set_status(run_id, status)
        assert _run(served, run_id)["info"]["status"] == status
    assert _run(served, run_id)["info"]["end_time"] > 0


def test_last_metrics_without_what_json_cannot_say(served: Served) -> None:
    run_id = served.tracking.create_run("metrics", "m", "bo", {}).run_id
    points = [("loss", 2.0, 0), ("loss", 1.0, 1), ("odd", "NaN", 0), ("far", "Infinity", 0)]
    metrics = [{"key": key, "value": value, "timestamp": 1, "step": step} for key, value, step in points]
    assert served.api("ada", "POST", "runs/log-batch", json={"run_id": run_id, "metrics": metrics}).status_code == 200
    assert served.tracking.latest_metrics(run_id) == {"loss": 1.0}


def test_a_jobs_metrics_and_curves(served: Served) -> None:
    job_id, token = served.job("bo")
    points = [("loss", 1 / (step + 1), step) for step in range(500)] + [("odd", "NaN", 0), ("system/cpu", 3.0, 7)]
    metrics = [{"key": key, "value": value, "timestamp": 1000 + step, "step": step} for key, value, step in points]
    assert served.api(token, "POST", "runs/log-batch", json={"run_id": job_id, "metrics": metrics}).status_code == 200
    listed = served.call("vi", "GET", f"/api/jobs/{job_id}/metrics").json()
    assert [(item["key"], item["step"]) for item in listed] == [("loss", 499), ("system/cpu", 7)]
    assert listed[0]["value"] == pytest.approx(1 / 500)

    def curve(**query: object) -> dict:
        reply = served.call("vi", "GET", f"/api/jobs/{job_id}/curve", params=query)
        assert reply.status_code == 200, reply.text
        return reply.json()

    whole = curve(key="loss", points=1000)
    assert (whole["steps"], whole["times"][:2]) == (list(range(500)), [1.0, 1.001])
    assert whole["values"] == pytest.approx([1 / (step + 1) for step in range(500)])
    thin = curve(key="loss", points=50)
    assert 10 < len(thin["steps"]) <= 60
    assert (thin["steps"][0], thin["steps"][-1]) == (0, 499)
    assert curve(key="loss", after=497)["steps"] == [498, 499]
    assert curve(key="loss", after=499)["steps"] == []
    assert curve(key="odd")["values"] == []
    assert curve(key="nothing")["steps"] == []
    assert served.call("vi", "GET", f"/api/jobs/{'0' * 32}/metrics").status_code == 404


def test_open_runs_are_found_by_tag_and_age(served: Served) -> None:
    tag = "proteinx.test"
    still_open = served.tracking.create_run("open", "o", "bo", {tag: "1"}).run_id
    ended = served.tracking.create_run("open", "e", "bo", {tag: "1"}).run_id
    served.tracking.set_status(ended, "FAILED")
    served.tracking.create_run("open", "untagged", "bo", {})
    assert served.tracking.open_runs(tag, now() + timedelta(minutes=1)) == [still_open]
    assert served.tracking.open_runs(tag, now() - timedelta(minutes=1)) == []


def test_a_deleted_experiment_is_named(served: Served) -> None:
    made = served.tracking.create_run("binned", "x", "bo", {})
    body = {"experiment_id": made.experiment_id}
    assert served.api("ada", "POST", "experiments/delete", json=body).status_code == 200
    with pytest.raises(Unprocessable, match="restore it"):
        served.tracking.create_run("binned", "y", "bo", {})


def _log_model(served: Served, job_id: str, token: str) -> str:
    """What MLflow's client does to log a model, as the attempt."""
    experiment = _run(served, job_id)["info"]["experiment_id"]
    body = {"experiment_id": experiment, "name": "model", "source_run_id": job_id}
    model_id = served.api(token, "POST", "logged-models", json=body).json()["model"]["info"]["model_id"]
    path = f"/mlflow/api/2.0/mlflow-artifacts/artifacts/models/{model_id}/artifacts/MLmodel"
    assert served.call(token, "PUT", path, content=b"flavors: {}").status_code == 200
    done = {"model_id": model_id, "status": "LOGGED_MODEL_READY"}
    assert served.api(token, "PATCH", f"logged-models/{model_id}", json=done).status_code == 200
    return str(model_id)


def test_an_attempt_logs_its_model_and_nobody_elses(served: Served) -> None:
    job_id, token = served.job("bo")
    other_id, other = served.job("bo")
    model_id = _log_model(served, job_id, token)
    assert served.api(token, "GET", f"logged-models/{model_id}").status_code == 200
    path = f"/mlflow/api/2.0/mlflow-artifacts/artifacts/models/{model_id}/artifacts/MLmodel"
    assert served.call(token, "GET", path).content == b"flavors: {}"
    assert served.api(other, "GET", f"logged-models/{model_id}").status_code == 403
    assert served.call(other, "GET", path).status_code == 403
    assert served.call(other, "PUT", path, content=b"x").status_code == 403
    assert (
        served.api(other, "PATCH", f"logged-models/{model_id}", json={"status": "LOGGED_MODEL_READY"}).status_code
        == 403
    )
    stolen = {"experiment_id": _run(served, job_id)["info"]["experiment_id"], "name": "m", "source_run_id": job_id}
    assert served.api(other, "POST", "logged-models", json=stolen).status_code == 403
    assert served.api(token, "DELETE", f"logged-models/{model_id}").status_code == 403
    assert other_id != job_id


def test_a_jobs_model_is_registered_once_and_found_by_its_files(served: Served) -> None:
    job_id, token = served.job("bo")
    model_id = _log_model(served, job_id, token)
    body = {"job_id": job_id}
    assert served.call("cy", "POST", "/api/models/gb1/versions", json=body).status_code == 403
    first = served.call("bo", "POST", "/api/models/gb1/versions", json=body)
    assert first.status_code == 201, first.text
    again = served.call("bo", "POST", "/api/models/gb1/versions", json=body)
    assert first.json() == again.json()
    assert (first.json()["version"], first.json()["job_id"]) == ("1", job_id)
    prefix = served.tracking.model_files_prefix("gb1", "1")
    assert prefix == f"artifacts/models/{model_id}/artifacts"
    assert (served.workdir / prefix / "MLmodel").read_bytes() == b"flavors: {}"
    alias = {"name": "gb1", "alias": "best", "version": "1"}
    assert served.api("cy", "POST", "registered-models/alias", json=alias).status_code == 403
    assert served.api("bo", "POST", "registered-models/alias", json=alias).status_code == 200
    for method, name in (("POST", "champion"), ("POST", "Champion"), ("DELETE", "champion")):
        refused = served.api("bo", method, "registered-models/alias", json={**alias, "alias": name})
        assert (refused.status_code, refused.json()["error"]) == (403, "gated_alias")
    wish = {"version": "1", "reason": "first of all"}
    assert served.call("bo", "PUT", "/api/models/gb1/aliases/champion", json=wish).json()["error"] == "gate_refused"
    assert served.call("cy", "PUT", "/api/models/gb1/aliases/candidate", json=wish).status_code == 403
    assert served.call("bo", "PUT", "/api/models/gb1/aliases/candidate", json=wish).status_code == 200
    listed = served.call("vi", "GET", "/api/models").json()
    assert next(item for item in listed if item["name"] == "gb1")["latest"]["aliases"] == ["best", "candidate"]
    versions = served.call("vi", "GET", "/api/models/gb1/versions").json()
    assert [(item["version"], item["uri"]) for item in versions] == [("1", "models:/gb1/1")]


def test_a_run_without_a_model_is_said(served: Served) -> None:
    job_id, _ = served.job("bo")
    reply = served.call("bo", "POST", "/api/models/none/versions", json={"job_id": job_id})
    assert (reply.status_code, reply.json()["error"]) == (404, "no_model")
    assert served.call("vi", "GET", "/api/models/unheard-of/versions").status_code == 404
    with pytest.raises(NotFound):
        served.tracking.model_files_prefix("unheard-of", "1")


@pytest.mark.parametrize("name", ["a%3Ab", "%20" * 201])
def test_bad_model_names_are_refused(served: Served, name: str) -> None:
    job_id, _ = served.job("bo")
    assert served.call("bo", "POST", f"/api/models/{name}/versions", json={"job_id": job_id}).status_code == 422


@pytest.mark.parametrize("upstream", [None, Upstream("http://127.0.0.1:9", {})])
def test_mlflow_away_is_one_error(upstream: Upstream | None) -> None:
    tracking = MlflowTracking(Rest(lambda: upstream))
    with pytest.raises(Unavailable) as caught:
        tracking.create_run("e", "n", "u", {})
    assert caught.value.code == "mlflow_unavailable"


def test_a_run_goes_to_the_bin_and_back_with_its_models_known(served: Served) -> None:
    job_id, token = served.job("bo")
    model_id = _log_model(served, job_id, token)
    tracking = served.tracking
    assert tracking.versions_of_run(job_id) == []
    version = tracking.register_model("thrown", job_id)
    assert tracking.versions_of_run(job_id) == [f"thrown@{version}"]
    tracking.delete_run(job_id)
    assert _run(served, job_id)["info"]["lifecycle_stage"] == "deleted"
    assert tracking.model_prefixes_of_run(job_id) == [f"artifacts/models/{model_id}"], "also of a run in the bin"
    tracking.restore_run(job_id)
    assert _run(served, job_id)["info"]["lifecycle_stage"] == "active"
