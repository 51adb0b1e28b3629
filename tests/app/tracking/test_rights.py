"""Who may do what at MLflow, asked over HTTP with each one's own token."""

import json

import pytest

from tests.app.tracking.conftest import Served

METRIC = {"key": "loss", "value": 0.5, "timestamp": 1, "step": 1}


def _log(served: Served, who: str, run_id: str) -> int:
    return served.api(who, "POST", "runs/log-metric", json={"run_id": run_id, **METRIC}).status_code


def _status(served: Served, run_id: str) -> str:
    return str(served.api("ada", "GET", "runs/get", params={"run_id": run_id}).json()["run"]["info"]["status"])


def test_a_plain_client_owns_the_runs_it_makes(served: Served) -> None:
    run_id = served.run("bo")
    tags = served.api("vi", "GET", "runs/get", params={"run_id": run_id}).json()["run"]["data"]["tags"]
    assert {"key": "mlflow.user", "value": "bo"} in tags
    assert [_log(served, who, run_id) for who in ("bo", "ada", "cy", "vi")] == [200, 200, 403, 403]


def test_nobody_signs_a_run_with_another_name(served: Served) -> None:
    body = {
        "experiment_id": "0",
        "user_id": "cy",
        "tags": [{"key": "mlflow.user", "value": "cy"}, {"key": "proteinx.job", "value": "1"}],
    }
    run = served.api("bo", "POST", "runs/create", json=body).json()["run"]
    assert [tag for tag in run["data"]["tags"] if tag["key"] != "mlflow.runName"] == [
        {"key": "mlflow.user", "value": "bo"}
    ]
    run_id = run["info"]["run_id"]
    for call, extra in (
        ("runs/set-tag", {"key": "mlflow.user", "value": "cy"}),
        ("runs/delete-tag", {"key": "mlflow.user"}),
        ("runs/log-batch", {"tags": [{"key": "proteinx.owner", "value": "cy"}]}),
    ):
        reply = served.api("bo", "POST", call, json={"run_id": run_id, **extra})
        assert (reply.status_code, reply.json()["error"]) == (403, "reserved_tag"), call


def test_viewers_read_everything_and_make_nothing(served: Served) -> None:
    served.run("bo")
    assert served.api("vi", "POST", "runs/search", json={"experiment_ids": ["0"]}).status_code == 200
    assert served.api("vi", "GET", "experiments/get", params={"experiment_id": "0"}).status_code == 200
    assert served.api("vi", "POST", "runs/create", json={"experiment_id": "0"}).status_code == 403
    assert served.api("vi", "POST", "experiments/create", json={"name": "v"}).status_code == 403
    assert served.api("vi", "POST", "registered-models/create", json={"name": "v"}).status_code == 403


def test_a_jobs_run_is_its_owners_and_the_master_alone_closes_it(served: Served) -> None:
    job_id, token = served.job("bo")
    assert [_log(served, who, job_id) for who in (token, "bo", "ada", "cy")] == [200, 200, 200, 403]
    for who in (token, "bo", "ada"):
        body = {"run_id": job_id, "status": "FINISHED", "end_time": 5, "run_name": "renamed"}
        reply = served.api(who, "POST", "runs/update", json=body)
        assert reply.status_code == 200
        assert reply.json()["run_info"]["run_name"] == "renamed"
        assert _status(served, job_id) == "SCHEDULED"
    served.tracking.set_status(job_id, "RUNNING")
    assert _status(served, job_id) == "RUNNING"


def test_people_close_their_own_runs(served: Served) -> None:
    run_id = served.run("bo")
    assert served.api("bo", "POST", "runs/update", json={"run_id": run_id, "status": "FINISHED"}).status_code == 200
    assert _status(served, run_id) == "FINISHED"


def test_a_live_jobs_run_is_not_deleted(served: Served) -> None:
    live, _ = served.job("bo")
    ended, _ = served.job("bo", state="failed")
    assert served.api("bo", "POST", "runs/delete", json={"run_id": live}).json()["error"] == "job_is_live"
    assert served.api("cy", "POST", "runs/delete", json={"run_id": ended}).status_code == 403
    assert served.api("bo", "POST", "runs/delete", json={"run_id": ended}).status_code == 200
    assert served.api("bo", "POST", "runs/restore", json={"run_id": ended}).status_code == 200


def test_an_attempt_reaches_its_own_run_only(served: Served) -> None:
    job_id, token = served.job("bo")
    other, _ = served.job("bo")
    mine = served.run("bo")
    for foreign in (other, mine):
        assert _log(served, token, foreign) == 403
        assert served.api(token, "GET", "runs/get", params={"run_id": foreign}).status_code == 403
        for call in ("log-batch", "set-tag", "log-parameter", "outputs", "log-inputs", "delete-tag", "update"):
            assert served.api(token, "POST", f"runs/{call}", json={"run_id": foreign, "key": "k"}).status_code == 403
        path = f"/mlflow/api/2.0/mlflow-artifacts/artifacts/{foreign}/artifacts/x.txt"
        assert served.call(token, "PUT", path, content=b"x").status_code == 403
        assert served.call(token, "GET", path).status_code == 403
        listed = {"path": f"{foreign}/artifacts"}
        assert served.call(token, "GET", "/mlflow/api/2.0/mlflow-artifacts/artifacts", params=listed).status_code == 403
    assert served.api(token, "GET", "runs/get", params={"run_id": job_id}).status_code == 200
    path = f"/mlflow/api/2.0/mlflow-artifacts/artifacts/{job_id}/artifacts/x.txt"
    assert served.call(token, "PUT", path, content=b"x").status_code == 200
    assert served.call(token, "GET", path).content == b"x"


@pytest.mark.parametrize(
    ("method", "call"),
    [
        ("POST", "runs/create"),
        ("POST", "runs/delete"),
        ("POST", "runs/restore"),
        ("POST", "experiments/create"),
        ("POST", "experiments/delete"),
        ("POST", "experiments/set-experiment-tag"),
        ("POST", "registered-models/create"),
        ("POST", "model-versions/create"),
        ("POST", "registered-models/alias"),
        ("GET", "experiments/search"),
        ("GET", "metrics/get-history-bulk"),
    ],
)
def test_an_attempt_has_no_other_business(served: Served, method: str, call: str) -> None:
    job_id, token = served.job("bo")
    body = {"run_id": job_id, "experiment_id": "0", "name": "x"}
    content = json.dumps(body) if method == "POST" else None
    assert served.api(token, method, call, content=content).status_code == 403


def test_an_attempt_logs_a_model_as_the_client_does(served: Served) -> None:
    """The client tags a model with the account it runs under, which is nobody at the master."""
    job_id, token = served.job("bo")
    own = served.api(token, "GET", "experiments/get-by-name", params={"experiment_name": "jobs"})
    body = {
        "experiment_id": own.json()["experiment"]["experiment_id"],
        "name": "model",
        "source_run_id": job_id,
        "tags": [{"key": "mlflow.user", "value": "root"}, {"key": "mlflow.source.type", "value": "LOCAL"}],
    }
    reply = served.api(token, "POST", "logged-models", json=body)
    assert reply.status_code == 200
    assert reply.json()["model"]["info"]["tags"] == [{"key": "mlflow.source.type", "value": "LOCAL"}]


def test_an_attempt_searches_its_own_experiment(served: Served) -> None:
    _, token = served.job("bo")
    own = served.api(token, "GET", "experiments/get-by-name", params={"experiment_name": "jobs"})
    experiment_id = own.json()["experiment"]["experiment_id"]
    search = "runs/search"
    assert served.api(token, "POST", search, json={"experiment_ids": [experiment_id]}).status_code == 200
    for ids in (["0"], [experiment_id, "0"], [], None):
        assert served.api(token, "POST", search, json={"experiment_ids": ids}).status_code == 403
    default = {"experiment_name": "Default"}
    assert served.api(token, "GET", "experiments/get-by-name", params=default).status_code == 403


def test_a_fenced_attempt_gets_410_everywhere(served: Served) -> None:
    job_id, token = served.job("bo", state="failed")
    assert _log(served, token, job_id) == 410
    assert served.api(token, "GET", "runs/get", params={"run_id": job_id}).status_code == 410
    path = f"/mlflow/api/2.0/mlflow-artifacts/artifacts/{job_id}/artifacts/x.txt"
    assert served.call(token, "PUT", path, content=b"x").status_code == 410


def test_one_name_for_the_run_and_no_second(served: Served) -> None:
    own, token = served.job("bo")
    other, _ = served.job("bo")
    bodies = [
        json.dumps({"run_id": own, "run_uuid": other, **METRIC}),
        json.dumps({"run_id": own, "runId": other, **METRIC}),
        json.dumps({"run_id": own, "runUuid": other, **METRIC}),
        f'{{"run_id": "{own}", "run_id": "{other}", "key": "k", "value": 1}}',
        json.dumps(json.dumps({"run_id": other, **METRIC})),
        json.dumps([{"run_id": other}]),
        json.dumps({"run_id": [own], **METRIC}),
        json.dumps({"run_id": own + "/../" + other, **METRIC}),
        "",
        "null",
        "{",
    ]
    for body in bodies:
        assert served.api(token, "POST", "runs/log-metric", content=body).status_code == 400, body
    for query in (f"run_id={own}&run_id={other}", f"run_id={own}&run_uuid={other}", f"run_id={own}%00", ""):
        assert served.api(token, "GET", f"runs/get?{query}").status_code == 400, query
    utf16 = json.dumps({"run_id": other, **METRIC}).encode("utf-16")
    assert served.api(token, "POST", "runs/log-metric", content=utf16).status_code == 400


def test_a_get_carries_no_body(served: Served) -> None:
    _, token = served.job("bo")
    other, _ = served.job("bo")
    reply = served.api(token, "GET", "runs/get", content=json.dumps({"run_id": other}))
    assert reply.status_code == 400
    reply = served.api("vi", "GET", "runs/get", content=json.dumps({"run_id": other}))
    assert reply.status_code == 400  # MLflow saw neither query nor body


def test_bodies_have_a_limit(served: Served) -> None:
    own, token = served.job("bo")
    body = json.dumps({"run_id": own, "key": "k", "value": "x" * (5 * 1024 * 1024)})
    assert served.api(token, "POST", "runs/set-tag", content=body).status_code == 413


def test_experiments_keep_their_artifacts_with_us(served: Served) -> None:
    body = {"name": "elsewhere", "artifact_location": "file:///etc"}
    made = served.api("bo", "POST", "experiments/create", json=body).json()["experiment_id"]
    found = served.api("bo", "GET", "experiments/get", params={"experiment_id": made}).json()["experiment"]
    assert found["artifact_location"] == "mlflow-artifacts:/"
    for call in ("update", "delete", "restore"):
        body = {"experiment_id": made, "new_name": "n"}
        assert served.api("bo", "POST", f"experiments/{call}", json=body).status_code == 403
        assert served.api("ada", "POST", f"experiments/{call}", json=body).status_code == 200


def test_registered_models_are_changed_by_who_made_them(served: Served) -> None:
    body = {"name": "bo's", "tags": [{"key": "proteinx.owner", "value": "cy"}]}
    assert served.api("bo", "POST", "registered-models/create", json=body).status_code == 200
    change = {"name": "bo's", "description": "d"}
    codes = [
        served.api(who, "PATCH", "registered-models/update", json=change).status_code for who in ("cy", "bo", "ada")
    ]
    assert codes == [403, 200, 200]
    steal = {"name": "bo's", "key": "proteinx.owner", "value": "cy"}
    assert served.api("bo", "POST", "registered-models/set-tag", json=steal).status_code == 403
    assert served.api("cy", "DELETE", "registered-models/delete", json={"name": "bo's"}).status_code == 403
    assert served.api("bo", "DELETE", "registered-models/delete", json={"name": "bo's"}).status_code == 200


@pytest.mark.parametrize(
    "source", ["file:///etc", "/etc", "http://10.0.0.1/x", "s3://bucket/x", "file:/etc#mlflow-artifacts:/"]
)
def test_versions_come_from_runs_only(served: Served, source: str) -> None:
    run_id = served.run("bo")
    served.api("bo", "POST", "registered-models/create", json={"name": "sources"})
    body = {"name": "sources", "source": source, "run_id": run_id}
    assert served.api("bo", "POST", "model-versions/create", json=body).status_code == 400


def test_artifacts_of_others_are_read_but_not_written(served: Served) -> None:
    run_id = served.run("bo")
    path = f"/mlflow/api/2.0/mlflow-artifacts/artifacts/0/{run_id}/artifacts/x.txt"
    assert [served.call(who, "PUT", path, content=b"1").status_code for who in ("cy", "vi", "bo")] == [403, 403, 200]
    assert served.call("vi", "GET", path).content == b"1"
    assert [served.call(who, "DELETE", path).status_code for who in ("cy", "vi", "bo")] == [403, 403, 200]


@pytest.mark.parametrize("place", ["x.txt", "models/x.txt", "traces/1/artifacts/x", "{run}/x.txt", "0/x/artifacts/y"])
def test_artifacts_lie_below_runs_and_models_only(served: Served, place: str) -> None:
    path = "/mlflow/api/2.0/mlflow-artifacts/artifacts/" + place.format(run=served.run("bo"))
    assert served.call("bo", "PUT", path, content=b"x").status_code == 403
    assert served.call("ada", "PUT", path, content=b"x").status_code == 403


def test_a_jobs_artifacts_are_not_deleted(served: Served) -> None:
    job_id, token = served.job("bo")
    path = f"/mlflow/api/2.0/mlflow-artifacts/artifacts/{job_id}/artifacts/x.txt"
    assert served.call(token, "PUT", path, content=b"x").status_code == 200
    assert [served.call(who, "DELETE", path).status_code for who in (token, "bo", "ada")] == [403] * 3
