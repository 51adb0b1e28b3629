"""Aliases and cards of registered models, against a real MLflow."""

import pytest

from tests.app.tracking.conftest import Served
from tests.app.tracking.test_tracking import _log_model


@pytest.fixture
def model(served: Served, request: pytest.FixtureRequest) -> str:
    """A model of bo's with two versions."""
    name = f"m-{request.node.name}"[:60]
    for _ in range(2):
        job_id, token = served.job("bo")
        _log_model(served, job_id, token)
        reply = served.call("bo", "POST", f"/api/models/{name}/versions", json={"job_id": job_id})
        assert reply.status_code == 201, reply.text
    return name


def test_an_alias_moves_with_who_and_why_and_back(served: Served, model: str) -> None:
    url = f"/api/models/{model}/aliases/best"
    first = served.call("bo", "PUT", url, json={"version": "1", "reason": "the only one"})
    assert (first.status_code, first.json()["aliases"]) == (200, ["best"])
    assert served.call("ada", "PUT", url, json={"version": "2", "reason": "better"}).json()["version"] == "2"
    assert served.call("ada", "PUT", url, json={"version": "2"}).status_code == 200
    assert served.call("bo", "PUT", url, json={"version": "1", "reason": "back"}).status_code == 200
    found = served.call("vi", "GET", f"/api/models/{model}").json()
    assert (found["owner"], found["aliases"], found["latest"]["version"]) == ("bo", {"best": "1"}, "2")
    by = {wanted: served.tracking.version(model, wanted) for wanted in (None, "2", "best", "3", "worst")}
    assert {wanted: one and (one.version, one.aliases) for wanted, one in by.items()} == {
        None: ("2", []),
        "2": ("2", []),
        "best": ("1", ["best"]),
        "3": None,
        "worst": None,
    }
    assert served.tracking.version("nowhere", None) is None
    moves = served.call("vi", "GET", f"/api/models/{model}/alias-moves").json()
    told = [(move["actor"], move["version"], move["previous"], move["reason"]) for move in moves]
    assert told == [("bo", "1", "2", "back"), ("ada", "2", "1", "better"), ("bo", "1", None, "the only one")]
    assert served.call("bo", "DELETE", url, params={"reason": "retired"}).status_code == 204
    assert served.call("vi", "GET", f"/api/models/{model}").json()["aliases"] == {}
    newest = served.call("vi", "GET", f"/api/models/{model}/alias-moves").json()[0]
    assert (newest["version"], newest["previous"], newest["reason"]) == (None, "1", "retired")


def test_aliases_are_moved_by_who_made_the_model_and_admins(served: Served, model: str) -> None:
    url = f"/api/models/{model}/aliases/best"
    assert [served.call(who, "PUT", url, json={"version": "1"}).status_code for who in ("cy", "vi")] == [403, 403]
    assert served.call("cy", "DELETE", url).status_code == 403
    assert served.call("vi", "GET", f"/api/models/{model}/alias-moves").json() == []


@pytest.mark.parametrize(
    ("alias", "version", "status", "code"),
    [
        ("latest", "1", 422, "bad_alias"),
        ("v3", "1", 422, "bad_alias"),
        ("best", "9", 404, "unknown_model"),
        ("best", "one", 422, "invalid_request"),
    ],
)
def test_what_can_not_be_is_said(served: Served, model: str, alias: str, version: str, status: int, code: str) -> None:
    reply = served.call("bo", "PUT", f"/api/models/{model}/aliases/{alias}", json={"version": version})
    assert (reply.status_code, reply.json()["error"]) == (status, code)


def test_what_is_not_there(served: Served, model: str) -> None:
    assert served.call("bo", "DELETE", f"/api/models/{model}/aliases/none").json()["error"] == "unknown_alias"
    assert served.call("bo", "GET", "/api/models/unheard-of").json()["error"] == "unknown_model"
    reply = served.call("ada", "PUT", "/api/models/unheard-of/aliases/x", json={"version": "1"})
    assert reply.json()["error"] == "unknown_model"


def test_a_card_for_the_model_and_one_for_a_version(served: Served, model: str) -> None:
    text = {"description": "# 模型\n\nTrained on *GB1*."}
    assert served.call("cy", "PUT", f"/api/models/{model}/description", json=text).status_code == 403
    assert served.call("bo", "PUT", f"/api/models/{model}/description", json=text).status_code == 204
    version = {"description": "with more data"}
    assert served.call("bo", "PUT", f"/api/models/{model}/versions/2/description", json=version).status_code == 204
    assert served.call("bo", "PUT", f"/api/models/{model}/versions/7/description", json=version).status_code == 404
    assert served.call("vi", "GET", f"/api/models/{model}").json()["description"] == text["description"]
    versions = served.call("vi", "GET", f"/api/models/{model}/versions").json()
    assert [one["description"] for one in versions] == ["with more data", ""]
