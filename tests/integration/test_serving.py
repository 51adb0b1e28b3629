"""Models that answer on demand, on the real system, with what kills them in the middle."""

import os
import re
import signal
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

import proteinx as px
from proteinx.client import ApiError
from proteinx.contracts.serving import Predictions, SequenceIn, ServingSettings
from proteinx.contracts.states import JobState
from tests.integration.command import px as px_cli
from tests.integration.harness import HASTY, PASSWORD, Agent, Lab
from tests.waiting import until

MODEL = "热稳定性"


@pytest.fixture(scope="module")
def oracle(lab: Lab, resident: Agent) -> Iterator[str]:
    """A registered model of a project that needs no library to answer."""
    lab.send_project("oracle")
    job = lab.wait(lab.submit(project="oracle", parameters={"scale": 2}, register_as=MODEL))
    until(lambda: lab.job(job.id).registered_version, 60, "the model is registered")
    yield MODEL
    for one in lab.admin.endpoints.all():
        lab.admin.endpoints.stop(one.job_id)


@pytest.fixture
def caller() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as threads:
        yield threads


def asked(lab: Lab, *sequences: str) -> Predictions:
    """Again and again for as long as time mends it, as people's programs do."""
    return lab.member.endpoints.ask(MODEL, list(sequences), patience=90)


def waiting(lab: Lab, caller: ThreadPoolExecutor) -> tuple[str, "Future[Predictions]"]:
    """A request that its worker has in hand, and the endpoint's job."""
    asked(lab, "MK")
    [endpoint] = lab.member.endpoints.all()
    before = lab.log(endpoint.job_id).count("waiting")
    call = caller.submit(lab.member.endpoints.predict, MODEL, ["WAIT"])
    until(lambda: lab.log(endpoint.job_id).count("waiting") > before, 60, "the worker has the request")
    return endpoint.job_id, call


def let_go(worker: Agent) -> None:
    """Whatever waits at the worker is answered."""
    for folder in worker.state.glob("attempts/*/work/tmp"):
        (folder / "go").touch()


def code_of(call: "Future[Predictions]") -> str:
    with pytest.raises(ApiError) as caught:
        call.result(60)
    assert caught.value.status == 503
    return caught.value.code


def test_a_second_request_is_answered_by_the_same_warm_process(lab: Lab, oracle: str) -> None:
    first = asked(lab, "MKV")
    second = lab.member.endpoints.predict(f"{oracle}@1", [SequenceIn(id="突变体 甲", sequence="mkvl")])
    assert (first.rows[0]["prediction"], second.rows) == (6.0, [{"id": "突变体 甲", "prediction": 8.0}])
    assert (second.warm, second.job_id) == (True, first.job_id)
    [endpoint] = lab.member.endpoints.all()
    assert (endpoint.state, endpoint.owner, endpoint.may_stop) == ("ready", "ana", True)
    assert lab.log(first.job_id).count("pid") == 1


def test_a_notebook_asks_by_name(lab: Lab, oracle: str, tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROTEINX_CONFIG_DIR", str(tmp_path))
    px.login(lab.master.url, "ana", PASSWORD)
    table = px.model(oracle).predict([("甲", "MK"), ("乙", "MKV")])
    assert dict(zip(table["id"], table["prediction"], strict=True)) == {"甲": 4.0, "乙": 6.0}


def test_the_command_asks_lists_and_stops(lab: Lab, oracle: str, tmp_path: Path) -> None:
    fasta = tmp_path / "新 序列.fasta"
    fasta.write_text(">甲 of the freezer\nMKV\n>乙\nmk\n", encoding="utf-8")
    out, told = px_cli(lab, "predict", "--now", "--model", oracle, str(fasta), "--out", str(tmp_path / "out.csv"))
    assert "PREDICTION" in out
    assert f"{oracle}@1 answered in" in told
    assert (tmp_path / "out.csv").read_text().splitlines() == ["id,prediction", "甲,6.0", "乙,4.0"]
    assert oracle in px_cli(lab, "models", "endpoints")[0]
    told = px_cli(lab, "predict", "--now", "--model", oracle, "MKV", "MK-V", code=1)[1]
    assert "position 3" in told
    px_cli(lab, "models", "stop", f"{oracle}@1")
    until(lambda: lab.member.endpoints.all() == [], 60, "it has ended")


@pytest.mark.slow
def test_a_master_that_is_stopped_in_time_finds_the_model_still_loaded(
    lab: Lab, resident: Agent, oracle: str, caller: ThreadPoolExecutor
) -> None:
    job_id, call = waiting(lab, caller)
    began = time.monotonic()
    lab.master.terminate()
    assert time.monotonic() - began < 15  # polls would have waited for longer
    assert code_of(call) == "master_stopping"
    let_go(resident)
    lab.master.start()
    again = asked(lab, "MK")
    assert again.job_id == job_id


def test_what_a_flush_loses_is_told_and_the_next_request_is_answered(
    lab: Lab, resident: Agent, oracle: str, caller: ThreadPoolExecutor
) -> None:
    job_id, call = waiting(lab, caller)
    lab.master.redis().flushall()
    assert code_of(call) == "request_lost"
    let_go(resident)
    assert asked(lab, "MK").job_id == job_id


def test_a_killed_process_is_told_and_the_next_request_starts_another(
    lab: Lab, oracle: str, caller: ThreadPoolExecutor
) -> None:
    job_id, call = waiting(lab, caller)
    os.kill(int(re.findall(r"pid (\d+)", lab.log(job_id))[-1]), signal.SIGKILL)
    assert code_of(call) == "endpoint_gone"
    assert lab.wait(job_id, JobState.FAILED).attempts[0].exit_code == 128 + signal.SIGKILL
    again = asked(lab, "MK")
    assert again.job_id != job_id
    assert not again.warm


def test_a_killed_worker_is_told_and_another_one_goes_on(
    lab: Lab, resident: Agent, oracle: str, caller: ThreadPoolExecutor
) -> None:
    with lab.settings(**HASTY):
        job_id, call = waiting(lab, caller)
        resident.kill_tree()
        heir = lab.agent()
        assert code_of(call) == "endpoint_gone"
    again = asked(lab, "MKVLA")
    assert again.rows[0]["prediction"] == 10.0
    assert lab.job(again.job_id).nodes == [heir.node_name]
    lab.admin.endpoints.stop(again.job_id)
    lab.wait(again.job_id, JobState.CANCELLED)
    lab.remove(heir)
    resident.start()
    lab.wait_online(resident)
    assert lab.job(job_id).state is not JobState.RUNNING


def test_an_unused_endpoint_ends_well_by_itself(lab: Lab, oracle: str) -> None:
    job_id = asked(lab, "MK").job_id
    with lab.settings(serving=ServingSettings(idle_minutes=0.01)):
        lab.wait(job_id, seconds=60)
    assert "unused for 0.01 minutes" in lab.log(job_id)
    assert lab.member.endpoints.all() == []
