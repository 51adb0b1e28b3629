"""The gate in front of the champion, who may pass it, what is kept of it, and the way back."""

import copy
import json
from typing import Any

import pytest

from app.storage import keys
from tests.app.lab import Lab

GOOD: dict[str, Any] = {
    "main_score": "spearman",
    "test": {"spearman": {"value": 0.6, "low": 0.5, "high": 0.7}},
    "baselines": {
        "mean": {"test": {"mse": {"value": 1.0}}},
        "composition": {"test": {"spearman": {"value": 0.3}}},
        "nearest": {"test": {"spearman": {"value": 0.4}}},
    },
    "leakage": {"level": "none found", "max": 0.2},
}


def leave(lab: Lab, job_id: str, evaluation: object = GOOD, card: str | None = "# Model card") -> None:
    """What a job's training leaves."""
    folder = keys.artifacts(job_id)
    if evaluation is not None:
        text = evaluation if isinstance(evaluation, str) else json.dumps(evaluation)
        lab.master.storage.write_bytes(f"{folder}/evaluation.json", text.encode())
    if card is not None:
        lab.master.storage.write_bytes(f"{folder}/model_card.md", card.encode())


@pytest.fixture
def model(lab: Lab) -> Lab:
    """Alice's model `gb1` with two good versions and one of which nothing is known."""
    jobs = [lab.submit()["id"] for _ in range(3)]
    lab.tracking.model_owners["gb1"] = "alice"
    lab.tracking.model_versions["gb1"] = jobs
    for job_id in jobs[:2]:
        leave(lab, job_id)
    return lab


def promote(lab: Lab, version: str, who: str = "alice", alias: str = "champion", **more: Any):
    body = {"version": version, "reason": f"version {version} is better", **more}
    return lab.as_(who).put(f"/api/models/gb1/aliases/{alias}", json=body)


def checks(lab: Lab, version: str) -> dict[str, bool]:
    found = lab.as_("vera").get(f"/api/models/gb1/versions/{version}/gate").json()
    assert found["passed"] == all(one["passed"] for one in found["checks"])
    return {one["name"]: one["passed"] for one in found["checks"]}


def test_a_good_version_becomes_the_champion_and_it_is_kept_why(model: Lab) -> None:
    reply = promote(model, "1")
    assert reply.status_code == 200, reply.text
    assert model.tracking.aliases == {("gb1", "champion"): "1"}
    promote(model, "2")
    [second, first] = model.as_("vera").get("/api/models/gb1/alias-moves").json()
    assert (second["version"], second["previous"], second["actor"]) == ("2", "1", first["actor"])
    assert first["reason"] == "version 1 is better"
    assert "alice" in first["actor"]
    assert {one["name"] for one in first["checks"]} == {"evaluation", "baselines", "leakage", "model_card"}
    assert "0.6000 against 0.4000 of the baseline nearest" in json.dumps(first["checks"])


def test_a_version_of_which_nothing_is_known_is_refused_and_nothing_changes(model: Lab) -> None:
    promote(model, "1")
    reply = promote(model, "3")
    assert (reply.status_code, reply.json()["error"]) == (422, "gate_refused")
    for name in ("evaluation", "baselines", "leakage", "model_card"):
        assert f"{name}:" in reply.json()["detail"]
    assert model.tracking.aliases == {("gb1", "champion"): "1"}
    assert len(model.as_("vera").get("/api/models/gb1/alias-moves").json()) == 1


def changed(**changes: Any) -> dict[str, Any]:
    return {**copy.deepcopy(GOOD), **changes}


@pytest.mark.parametrize(
    ("evaluation", "failed"),
    [
        (changed(test={"spearman": {"value": 0.6, "low": None, "high": None}}), "evaluation"),
        (changed(test={"spearman": {"value": 0.4, "low": 0.3, "high": 0.5}}), "baselines"),
        (changed(baselines={}), "baselines"),
        (changed(leakage={"level": "identical sequences"}), "leakage"),
        (changed(leakage={}), "leakage"),
    ],
)
def test_each_check_fails_by_itself(model: Lab, evaluation: dict[str, Any], failed: str) -> None:
    leave(model, model.tracking.model_versions["gb1"][2], evaluation)
    assert [name for name, passed in checks(model, "3").items() if not passed] == [failed]


@pytest.mark.parametrize(
    "evaluation", ["not json", "[]", "NaN", '{"test": 1, "main_score": [], "baselines": 3, "leakage": "x"}', "\xff"]
)
def test_whatever_somebodys_code_wrote_is_no_evaluation(model: Lab, evaluation: str) -> None:
    leave(model, model.tracking.model_versions["gb1"][2], evaluation)
    found = checks(model, "3")
    assert not found["evaluation"]
    assert not found["baselines"]
    assert not found["leakage"]


def test_no_card_fails(model: Lab) -> None:
    leave(model, model.tracking.model_versions["gb1"][2], GOOD, card=None)
    assert checks(model, "3") == {"evaluation": True, "baselines": True, "leakage": True, "model_card": False}


def test_an_admin_may_force_and_that_is_kept(model: Lab) -> None:
    assert promote(model, "3", force=True).status_code == 403
    assert promote(model, "3", "admin", force=True).status_code == 200
    assert promote(model, "1", "admin", force=True).status_code == 200
    moves = model.as_("vera").get("/api/models/gb1/alias-moves").json()
    assert [(move["version"], move["forced"]) for move in moves] == [("1", False), ("3", True)]


def test_other_aliases_are_free_but_not_for_everybody(model: Lab) -> None:
    assert promote(model, "3", alias="candidate").status_code == 200
    for who in ("bob", "vera"):
        assert promote(model, "1", who).status_code == 403
        assert promote(model, "1", who, alias="candidate").status_code == 403
    assert promote(model, "1", "admin").status_code == 200


def test_the_way_back(model: Lab) -> None:
    back = "/api/models/gb1/aliases/champion/rollback"
    alice = model.as_("alice")
    promote(model, "1")
    assert alice.post(back, json={"reason": "x"}).json()["error"] == "nothing_before"
    promote(model, "2")
    assert model.as_("bob").post(back, json={"reason": "drifts"}).status_code == 403
    assert alice.post(back, json={"reason": "drifts"}).json()["version"] == "1"
    assert model.tracking.aliases == {("gb1", "champion"): "1"}
    newest = alice.get("/api/models/gb1/alias-moves").json()[0]
    assert (newest["version"], newest["previous"], newest["rolled_back"]) == ("1", "2", True)
    assert alice.post(back, json={"reason": "again"}).json()["error"] == "nothing_before"


def test_a_move_that_a_crash_left_without_its_record_gets_it_when_it_is_repeated(model: Lab) -> None:
    promote(model, "1")
    model.tracking.aliases["gb1", "champion"] = "2"  # MLflow had it, and the master died
    for _ in range(2):
        assert promote(model, "2").status_code == 200
    moves = model.as_("vera").get("/api/models/gb1/alias-moves").json()
    assert [(move["version"], move["previous"]) for move in moves] == [("2", "1"), ("1", None)]
    body = {"reason": "the first was better"}
    assert model.as_("alice").post("/api/models/gb1/aliases/champion/rollback", json=body).json()["version"] == "1"


def test_what_is_not_there_is_told(model: Lab) -> None:
    assert promote(model, "9").status_code == 404
    body = {"version": "1", "reason": "x"}
    assert model.as_("alice").put("/api/models/never/aliases/champion", json=body).status_code == 404
    assert promote(model, "1", alias="Not an alias").status_code == 422
    assert model.as_("vera").get("/api/models/gb1/versions/9/gate").status_code == 404
