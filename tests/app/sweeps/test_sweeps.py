"""Sweeps through the front door: what is made, what it comes to, who may do what, and what is refused."""

from collections.abc import Callable
from typing import Any

import pytest

from app.jobs import upkeep
from app.models import Sweep
from app.scheduling import closing
from app.sweeps.conducting import Conductor
from tests.app.sweeps.conftest import Sweeping, no_fence


def test_a_grid_runs_within_its_limits_and_marks_the_best(sweeping: Sweeping) -> None:
    sweep_id = sweeping.start(parallelism=2, name="epochs", job={"project": "greet", "register_as": "fitness"})
    first, second = sweeping.live(sweep_id)
    assert [first["point"], second["point"]] == [{"epochs": 1}, {"epochs": 2}]
    job = sweeping.lab.job(first["job_id"])
    assert (job["owner"], job["parent_run"], job["parameters"]) == ("alice", sweep_id, {"epochs": "1"})
    assert sweeping.lab.tracking.runs[job["id"]].tags["mlflow.parentRunId"] == sweep_id
    assert sweeping.lab.tracking.runs[sweep_id].status == "RUNNING"
    listed = sweeping.lab.as_("vera").get("/api/jobs", params={"parent_run": sweep_id}).json()
    assert {one["id"] for one in listed["items"]} == {first["job_id"], second["job_id"]}

    sweeping.succeed(second["job_id"], 0.5)
    sweeping.turn()
    [kept, third] = sweeping.live(sweep_id)
    assert kept["job_id"] == first["job_id"]
    sweeping.succeed(first["job_id"], 0.7)
    sweeping.succeed(third["job_id"], 0.9)
    sweeping.turn()
    sweep = sweeping.read(sweep_id)
    assert (sweep["state"], sweep["trials"]) == ("finished", {"complete": 3})
    assert (sweep["best"]["number"], sweep["best"]["value"]) == (1, 0.5)
    parent = sweeping.lab.tracking.runs[sweep_id]
    assert (parent.status, parent.tags["proteinx.best_run"]) == ("FINISHED", second["job_id"])
    assert [one["id"] for one in sweeping.lab.as_("vera").get("/api/sweeps").json()["items"]] == [sweep_id]
    assert sweeping.lab.tracking.model_versions == {"fitness": [second["job_id"]]}, "the best one's model only"
    assert sweeping.lab.job(second["job_id"])["registered_version"] == "1"


def test_a_poor_trial_is_ended_by_its_live_metric_and_is_no_failure(sweeping: Sweeping) -> None:
    pruner = {"kind": "asha", "min_resource": 2, "reduction_factor": 2}
    sweep_id = sweeping.start(parallelism=3, pruner=pruner)
    jobs = [one["job_id"] for one in sweeping.live(sweep_id)]
    for job_id in jobs:
        sweeping.run(job_id)
    sweeping.log(jobs[0], {1: 0.3, 2: 0.2})
    sweeping.turn()
    sweeping.log(jobs[1], {1: 0.1, 2: 0.8})
    sweeping.restart()
    sweeping.turn()
    ended = sweeping.lab.job(jobs[1])
    assert ended["state"] == "cancelling"
    assert ended["reason"].startswith("pruned at step 2")
    sweeping.obey(jobs[1])
    sweeping.succeed(jobs[0], 0.2)
    sweeping.succeed(jobs[2], 0.4)
    sweeping.turn()
    sweep = sweeping.read(sweep_id)
    assert sweep["trials"] == {"complete": 2, "pruned": 1}
    assert (sweep["state"], sweep["trial_list"][1]["value"], sweep["trial_list"][1]["steps"]) == ("finished", 0.8, 2)
    assert sweeping.lab.tracking.runs[jobs[1]].tags["proteinx.pruned"].startswith("pruned at step 2")


def test_a_trial_that_ends_during_a_turn_is_taken_in_whole_at_the_next(
    sweeping: Sweeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    pruner = {"kind": "asha", "min_resource": 2, "reduction_factor": 2}
    sweep_id = sweeping.start(parallelism=2, pruner=pruner)
    good, poor = (one["job_id"] for one in sweeping.live(sweep_id))
    for job_id, loss in ((good, 0.1), (poor, 0.9)):
        sweeping.run(job_id)
        sweeping.log(job_id, {2: loss})
    sweeping.restart()
    sweeping.turn()
    look = Conductor._look

    def ends_meanwhile(conductor: Conductor, of: str) -> Any:
        read = look(conductor, of)
        sweeping.obey(poor)
        closing.bring_runs_in_line(sweeping.lab.master, no_fence)
        return read

    sweeping.log(good, {3: 0.1})  # so that the turn has something to write
    sweeping.restart()
    with monkeypatch.context() as patch:
        patch.setattr(Conductor, "_look", ends_meanwhile)
        sweeping.turn()
    sweeping.turn()
    assert sweeping.read(sweep_id)["trial_list"][1]["state"] == "pruned"
    assert "proteinx.pruned" in sweeping.lab.tracking.runs[poor].tags


def test_pausing_resuming_and_stopping(sweeping: Sweeping) -> None:
    sweep_id = sweeping.start(parallelism=1)
    path = f"/api/sweeps/{sweep_id}"
    alice = sweeping.lab.as_("alice")
    assert sweeping.lab.as_("bob").post(f"{path}/pause").status_code == 403
    [first] = sweeping.live(sweep_id)
    for _ in range(2):
        assert alice.post(f"{path}/pause").json()["state"] == "paused"
    sweeping.succeed(first["job_id"], 1.0)
    sweeping.turn()
    assert sweeping.live(sweep_id) == []
    assert alice.post(f"{path}/resume").json()["state"] == "running"
    sweeping.turn()
    [second] = sweeping.live(sweep_id)
    sweeping.run(second["job_id"])
    assert alice.post(f"{path}/stop").json()["state"] == "stopping"
    sweeping.turn()
    assert sweeping.read(sweep_id)["state"] == "stopping"
    sweeping.obey(second["job_id"])
    sweeping.turn()
    sweep = sweeping.read(sweep_id)
    assert (sweep["state"], sweep["trials"]) == ("stopped", {"complete": 1, "cancelled": 1})
    assert sweeping.lab.tracking.runs[sweep_id].status == "KILLED"
    assert alice.post(f"{path}/stop").json()["state"] == "stopped"
    refused = alice.post(f"{path}/resume")
    assert (refused.status_code, refused.json()["error"]) == (409, "illegal_move")


def test_a_job_that_was_made_while_its_sweep_was_stopped_is_cancelled_too(sweeping: Sweeping) -> None:
    sweep_id = sweeping.start(parallelism=1)
    with sweeping.lab.db.write() as session:
        session.get_one(Sweep, sweep_id).state = "stopping"
    for _ in range(3):
        sweeping.turn()
    sweep = sweeping.read(sweep_id)
    assert (sweep["state"], sweep["trials"]) == ("stopped", {"cancelled": 1})
    assert sweeping.lab.job(sweep["trial_list"][0]["job_id"])["state"] == "cancelled"


def test_finalists_run_again_with_each_seed(sweeping: Sweeping) -> None:
    sweep_id = sweeping.start(parallelism=9, finalists=1, seeds=[7, 8])
    for number, one in enumerate(sweeping.live(sweep_id)):
        sweeping.succeed(one["job_id"], [0.3, 0.1, 0.2][number])
    sweeping.turn()
    finals = sweeping.live(sweep_id)
    assert [(one["finalist"], one["seed"], one["point"]) for one in finals] == [
        (1, 7, {"epochs": 2}),
        (1, 8, {"epochs": 2}),
    ]
    assert sweeping.lab.job(finals[0]["job_id"])["overrides"] == ["seed=7"]
    for one, value in zip(finals, (0.2, 0.4), strict=True):
        sweeping.succeed(one["job_id"], value)
    sweeping.turn()
    sweep = sweeping.read(sweep_id)
    assert sweep["state"] == "finished"
    assert (sweep["finals"][0]["values"], sweep["best"]["value"]) == ([0.2, 0.4], pytest.approx(0.3))
    assert sweep["best"]["spread"] == pytest.approx(0.1414, abs=1e-4)


def test_trials_wait_while_the_owners_queue_is_full(sweeping: Sweeping) -> None:
    lab = sweeping.lab
    quota = {"max_queued": 1}
    assert lab.as_("admin").put("/api/users/alice/quota", json=quota).status_code == 200
    sweep_id = sweeping.start(parallelism=3)
    states = [one["state"] for one in sweeping.read(sweep_id)["trial_list"]]
    assert states == ["live", "waiting", "waiting"]
    sweeping.run(sweeping.live(sweep_id)[0]["job_id"])
    sweeping.turn()
    states = [one["state"] for one in sweeping.read(sweep_id)["trial_list"]]
    assert states == ["live", "live", "waiting"]


def test_a_job_made_before_the_master_died_is_not_made_twice(
    sweeping: Sweeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: object) -> None:
        raise RuntimeError("the master dies here")

    with monkeypatch.context() as patch:
        patch.setattr("app.sweeps.starting._settle", dies)
        assert sweeping.post(parallelism=1).status_code == 201
        with pytest.raises(RuntimeError):
            sweeping.turn()
    sweeping.restart()
    sweeping.turn()
    assert sweeping.lab.as_("vera").get("/api/jobs").json()["total"] == 1


def test_a_sweep_whose_trials_all_fail_gives_up(sweeping: Sweeping) -> None:
    space = {"epochs": {"low": 1, "high": 20, "integer": True}}
    sweep_id = sweeping.start(parallelism=5, space=space, sampler="random")
    for one in sweeping.live(sweep_id)[:4]:
        sweeping.fail(one["job_id"])
    last = sweeping.live(sweep_id)[-1]
    sweeping.succeed(last["job_id"])  # no metric: a failure of the trial, not of the job
    sweeping.turn()
    sweep = sweeping.read(sweep_id)
    assert (sweep["state"], sweep["trials"]) == ("failed", {"failed": 5})
    assert "no finite loss" in sweep["trial_list"][-1]["reason"]
    assert sweeping.lab.tracking.runs[sweep_id].status == "FAILED"


def test_while_mlflow_is_away_nothing_is_lost(sweeping: Sweeping) -> None:
    sweep_id = sweeping.start(parallelism=1)
    [first] = sweeping.live(sweep_id)
    sweeping.succeed(first["job_id"], 1.0)
    sweeping.turn()
    sweeping.lab.tracking.away = True
    assert sweeping.post().json()["error"] == "mlflow_unavailable"
    sweeping.lab.tracking.away = False
    sweeping.turn()
    assert len(sweeping.live(sweep_id)) == 1
    assert upkeep.close_orphan_runs(sweeping.lab.master) == []


def test_the_same_key_makes_one_sweep(sweeping: Sweeping) -> None:
    first, again = (sweeping.post(idempotency_key="k").json()["id"] for _ in range(2))
    assert first == again
    assert len(sweeping.lab.tracking.kept) == 1
    other = sweeping.post(idempotency_key="k", metric="other")
    assert (other.status_code, other.json()["error"]) == (409, "idempotency_mismatch")


REFUSED: list[tuple[dict[str, Any], str | None]] = [
    ({"space": {}}, "space"),
    ({"space": {"lr": {"low": 1, "high": 0.1}}}, "space.lr"),
    ({"space": {"lr": {"values": []}}}, "space.lr"),
    ({"space": {"lr": {"low": 0.1, "high": 1}}}, "space.lr"),  # a grid without steps
    ({"space": {"lrr": {"values": [0.1]}}}, "space.lrr"),
    ({"space": {"model": {"values": ["cnn", "rmn"]}}}, "space.model"),
    ({"space": {"lr": {"values": [0.1, "high"]}}}, "space.lr"),
    ({"space": {"depth": {"values": ["deep"]}}}, "space.depth"),
    ({"job": {"project": "toy", "overrides": ["lr=1"]}, "space": {"lr": {"values": [1]}}}, "space.lr"),
    ({"seeds": [1]}, "finalists"),
    ({"finalists": 1, "seeds": [1], "seed_key": "sed"}, "sed"),
    ({"parallelism": 0}, "parallelism"),
    ({"job": {"project": "toi"}}, None),
    ({"job": {"project": "toy", "resources": {"gpus": 1000}}}, "resources.gpus"),
]


def test_what_can_not_be_is_refused_and_nothing_is_made(sweeping: Sweeping, toy: Callable[[], None]) -> None:
    toy()
    for changes, field in REFUSED:
        reply = sweeping.post(**{"job": {"project": "toy"}, "space": {"lr": {"values": [0.1, 0.2]}}, **changes})
        assert reply.status_code in (404, 422), reply.text
        assert reply.json()["field"] == field, reply.text
    assert sweeping.lab.tracking.kept == {}
    assert sweeping.lab.as_("vera").get("/api/sweeps").json()["total"] == 0


@pytest.mark.parametrize("lab", ["sqlite", "postgresql"], indirect=True)
def test_groups_keys_and_parameters_reach_the_job(sweeping: Sweeping, toy: Callable[[], None]) -> None:
    toy()
    space = {"model": {"values": ["cnn", "rnn"]}, "lr": {"values": [0.5]}, "depth": {"values": [3]}}
    sweep_id = sweeping.start(job={"project": "toy"}, space=space)
    jobs = [sweeping.lab.job(one["job_id"]) for one in sweeping.live(sweep_id)]
    assert [job["overrides"] for job in jobs] == [["model=cnn", "lr=0.5"], ["model=rnn", "lr=0.5"]]
    assert [job["parameters"] for job in jobs] == [{"depth": "3"}] * 2
    assert jobs[0]["config"] == {"model": {"depth": 3}, "lr": 0.5, "seed": 0}


def test_viewers_may_look_only(sweeping: Sweeping) -> None:
    assert sweeping.post(who="vera").status_code == 403
    assert sweeping.lab.as_("vera").get("/api/sweeps/" + "0" * 32).json()["error"] == "unknown_sweep"
