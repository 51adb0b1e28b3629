"""Metrics, tags and other MLflow calls of a job, through the relay, with a master that comes and goes."""

import os
import signal

from starlette.responses import JSONResponse

from tests.worker.conftest import AgentProcess, alive
from tests.worker.stub import StubMaster, until

CLIENT = """
import json, os, pathlib, sys, time, urllib.request, urllib.error
BASE = os.environ["MLFLOW_TRACKING_URI"]
RUN = os.environ["PROTEINX_RUN_ID"]
TMP = pathlib.Path(os.environ["TMPDIR"])
def call(method, path, body=None, token=os.environ["MLFLOW_TRACKING_TOKEN"], raw=False):
    data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    request = urllib.request.Request(BASE + path, data, {"Authorization": "Bearer " + token}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as reply:
            content = reply.read()
            return reply.status, content if raw else json.loads(content)
    except urllib.error.HTTPError as error:
        return error.code, error.read()
def metric(key, step, value=None):
    body = {"run_id": RUN, "key": key, "value": step / 10 if value is None else value, "timestamp": step, "step": step}
    return call("POST", "/api/2.0/mlflow/runs/log-metric", body)
def wait_for(name):
    while not (TMP / name).exists(): time.sleep(0.02)
def say(*words): print(*words, flush=True)
"""


def test_points_arrive_in_order_and_once_though_the_master_goes(master: StubMaster, agent: AgentProcess) -> None:
    script = (
        CLIENT
        + """
for step in range(100): assert metric("loss", step) == (200, {})
say("first"); wait_for("go")
for step in range(100, 200): assert metric("loss", step) == (200, {})
say("second")
"""
    )
    job = master.job(script)
    agent.start()
    until(lambda: b"first" in job.log)
    master.stop()
    (agent.attempt().temporary / "go").touch()
    until(lambda: b"second" in agent.attempt().log.read_bytes())  # no call waits for the master
    assert len(master.metrics) < 200
    before = len(master.batches)
    master.start()
    until(lambda: job.finish)
    assert [metric["step"] for metric in master.metrics] == list(range(200))
    assert len(master.batches) - before < 50  # they were gathered


def test_a_lost_reply_doubles_nothing(master: StubMaster, agent: AgentProcess) -> None:
    job = master.job(CLIENT + "for step in range(50): metric('loss', step)")
    master.lose_reply("mlflow")
    master.lose_reply("mlflow")
    agent.start()
    until(lambda: job.finish)
    assert [metric["step"] for metric in master.metrics] == list(range(50))


def test_a_resumed_attempt_continues_the_curve(master: StubMaster, agent: AgentProcess) -> None:
    master.metrics = [
        {"key": "loss", "step": step, "timestamp": step, "value": 1.0} for step in range(30)
    ]  # the first attempt got so far after the checkpoint at step 20
    job = master.job(CLIENT + "for step in range(20, 40): metric('loss', step); metric('new', step)", attempt=2)
    agent.start()
    until(lambda: job.finish)
    assert [metric["step"] for metric in master.metrics if metric["key"] == "loss"] == list(range(40))
    assert [metric["step"] for metric in master.metrics if metric["key"] == "new"] == list(range(20, 40))


def test_tags_keep_their_order(master: StubMaster, agent: AgentProcess) -> None:
    script = (
        CLIENT
        + """
P = "/api/2.0/mlflow/runs/"
for value in "abc": call("POST", P + "set-tag", {"run_id": RUN, "key": "phase", "value": value})
call("POST", P + "delete-tag", {"run_id": RUN, "key": "phase"})
call("POST", P + "log-batch", {"run_id": RUN, "metrics": [], "tags": [{"key": "phase", "value": "d"}]})
"""
    )
    job = master.job(script)
    agent.start()
    until(lambda: job.finish)
    assert master.tags == [("phase", "a"), ("phase", "b"), ("phase", "c"), ("phase", None), ("phase", "d")]


def test_one_bad_point_costs_only_itself(master: StubMaster, agent: AgentProcess) -> None:
    script = (
        CLIENT
        + """
batch = [{"key": "bad" if n == 13 else "loss", "value": 0, "timestamp": n, "step": n} for n in range(40)]
say(*call("POST", "/api/2.0/mlflow/runs/log-batch", {"run_id": RUN, "metrics": batch}))
"""
    )
    job = master.job(script)
    agent.start()
    until(lambda: job.finish)
    assert sorted(metric["step"] for metric in master.metrics) == [n for n in range(40) if n != 13]


def test_a_job_reads_what_it_has_written(master: StubMaster, agent: AgentProcess) -> None:
    script = (
        CLIENT
        + """
for step in range(5): metric("loss", step)
say(call("GET", "/api/2.0/mlflow/runs/get?run_id=" + RUN)[1]["run"]["data"]["metrics"][0]["step"])
"""
    )
    job = master.job(script)
    agent.start()
    until(lambda: job.finish)
    assert job.log == b"4\n"


def test_other_calls_pass_with_query_status_and_body(master: StubMaster, agent: AgentProcess) -> None:
    script = (
        CLIENT
        + """
say(call("POST", "/api/2.0/mlflow/runs/search?a=1&b=%2F", {"x": 1})[1]["query"])
big = os.urandom(9_000_000)
path = "/api/2.0/mlflow-artifacts/artifacts/1/a%20b.bin"
assert call("PUT", path, big)[0] == 200
say(call("GET", path, raw=True)[1] == big)
say(call("GET", "/api/2.0/mlflow-artifacts/artifacts/none")[0])
say(call("GET", "/api/2.0/mlflow/runs/get", token="wrong")[0])
say(call("POST", "/api/2.0/mlflow/runs/log-metric", {"run_id": RUN}, token="wrong")[0])
"""
    )
    job = master.job(script)
    agent.start()
    until(lambda: job.finish)
    assert job.log.decode().split() == ["a=1&b=%2F", "True", "404", "401", "401"]


def test_a_call_that_can_t_be_spooled_waits_for_the_master(master: StubMaster, agent: AgentProcess) -> None:
    script = (
        CLIENT
        + """
say("up"); wait_for("go")
say(call("POST", "/api/2.0/mlflow/runs/log-parameter", {"run_id": RUN, "key": "a", "value": "1"})[0])
"""
    )
    job = master.job(script)
    agent.start()
    until(lambda: b"up" in job.log)
    for _ in range(3):
        master.once("mlflow", lambda _: JSONResponse({}, 503))
    (agent.attempt().temporary / "go").touch()
    until(lambda: job.finish)
    assert job.log == b"up\n200\n"
    assert master.mlflow_calls == [("POST", "/mlflow/api/2.0/mlflow/runs/log-parameter")]


def test_a_fenced_write_ends_the_job(master: StubMaster, agent: AgentProcess) -> None:
    job = master.job(CLIENT + "say('up')\nwait_for('go')\nmetric('loss', 1)\ntime.sleep(600)")
    agent.start()
    until(lambda: b"up" in job.log)
    job.gone = True
    (agent.attempt().temporary / "go").touch()
    until(agent.empty)
    assert job.finish is None


def test_what_a_dead_supervisor_had_spooled_arrives(master: StubMaster, agent: AgentProcess) -> None:
    script = (
        CLIENT
        + """
say("up"); wait_for("go")
for step in range(60): metric("loss", step)
(TMP / "done").touch()
time.sleep(600)
"""
    )
    job = master.job(script)
    agent.start()
    until(lambda: b"up" in job.log)
    master.stop()
    folder = agent.attempt().temporary
    (folder / "go").touch()
    until((folder / "done").exists)
    os.kill(agent.supervisor()["supervisor"]["pid"], signal.SIGKILL)
    master.start()
    until(lambda: job.finish)
    assert [metric["step"] for metric in master.metrics] == list(range(60))
    assert job.finish is not None and job.finish["fault"] == "infra"


def test_metrics_are_there_before_their_checkpoint(master: StubMaster, agent: AgentProcess) -> None:
    script = (
        CLIENT
        + """
folder = pathlib.Path(os.environ["PROTEINX_CHECKPOINT_DIR"])
for step in range(4):
    metric("loss", step)
    (folder / f"s{step}.ckpt").write_text(str(step))
    manifest = {"step": step, "epoch": 0, "files": [f"s{step}.ckpt"], "metric": None, "best": step == 1}
    (folder / ".t").write_text(json.dumps(manifest))
    (folder / ".t").rename(folder / f"s{step}.manifest.json")
    wait_for(f"go{step}")
"""
    )
    job = master.job(script)
    agent.start()
    for step in range(4):
        until(lambda step=step: len(job.checkpoints) == step + 1)
        (agent.attempt().temporary / f"go{step}").touch()
    until(lambda: job.finish)
    assert [commit["step"] for commit in job.checkpoints] == [0, 1, 2, 3]
    assert [commit["best"] for commit in job.checkpoints] == [False, True, False, False]
    assert [commit["metrics_before"] for commit in job.checkpoints] == [1, 2, 3, 4]
    assert job.checkpoints[3]["content"] == {"s3.ckpt": b"3"}


def test_metrics_in_the_job_s_file_arrive_though_the_job_is_killed(master: StubMaster, agent: AgentProcess) -> None:
    script = (
        CLIENT
        + """
import signal
file = os.open(os.environ["PROTEINX_METRICS_FILE"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
for step in range(2000):
    point = {"key": "loss", "value": step, "timestamp": step, "step": step}
    os.write(file, json.dumps({"metrics": [point]}).encode() + b"\\n")
os.write(file, b'no json\\n{"metrics": 3}\\n{"metrics": [{"key": "torn')
os.kill(os.getpid(), signal.SIGKILL)
"""
    )
    job = master.job(script)
    agent.start()
    until(lambda: job.finish)
    assert [metric["step"] for metric in master.metrics] == list(range(2000))


def test_metrics_logged_by_calls_arrive_though_the_job_is_killed(master: StubMaster, agent: AgentProcess) -> None:
    """What MLflow's `log_metric` has returned from is in the worker's hands, whether the master is there or not."""
    script = (
        CLIENT
        + """
import signal
say("up"); wait_for("go")
for step in range(300): metric("loss", step)
os.kill(os.getpid(), signal.SIGKILL)
"""
    )
    job = master.job(script)
    agent.start()
    until(lambda: b"up" in job.log)
    master.stop()
    child = agent.supervisor()["child"]["pid"]
    (agent.attempt().temporary / "go").touch()
    until(lambda: not alive(child))
    assert master.metrics == []
    master.start()
    until(lambda: job.finish)
    assert [metric["step"] for metric in master.metrics] == list(range(300))


def test_a_job_reads_from_the_run_what_it_wrote_into_its_file(master: StubMaster, agent: AgentProcess) -> None:
    script = (
        CLIENT
        + """
with open(os.environ["PROTEINX_METRICS_FILE"], "a") as file:
    print(json.dumps({"metrics": [{"key": "loss", "value": 1, "timestamp": 1, "step": 7}]}), file=file)
say(call("GET", "/api/2.0/mlflow/runs/get?run_id=" + RUN)[1]["run"]["data"]["metrics"][0]["step"])
"""
    )
    job = master.job(script)
    agent.start()
    until(lambda: job.finish)
    assert job.log == b"7\n"


def test_a_link_in_place_of_the_file_is_not_followed(master: StubMaster, agent: AgentProcess) -> None:
    script = (
        CLIENT
        + """
real = TMP / "real"
real.write_text(json.dumps({"metrics": [{"key": "stolen", "value": 1, "timestamp": 1, "step": 7}]}) + "\\n")
os.symlink(real, os.environ["PROTEINX_METRICS_FILE"])
metric("loss", 1)
"""
    )
    job = master.job(script)
    agent.start()
    until(lambda: job.finish)
    assert [metric["key"] for metric in master.metrics] == ["loss"]
