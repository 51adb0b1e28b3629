"""A job from assignment to end, through a real agent, a real supervisor and a real process."""

import json
import os
import signal
import time
from pathlib import Path

import pytest
from starlette.responses import JSONResponse

from tests.worker.conftest import AgentProcess
from tests.worker.stub import StubMaster, until
from worker import processes


def test_a_job_runs_to_its_end(master: StubMaster, agent: AgentProcess) -> None:
    script = """
import os, pathlib, sys
print("data:", pathlib.Path(sys.argv[1]).read_text(), pathlib.Path(sys.argv[1]).name)
print("蛋白质", file=sys.stderr)
out = pathlib.Path(os.environ["PROTEINX_OUTPUT_DIR"])
(out / "sub").mkdir()
(out / "sub" / "结果.txt").write_text("42")
(out / "big.bin").write_bytes(b"x" * 200_000)
"""
    data = master.input("data", "序列 data.csv", b"MKTAYIAK")
    job = master.job(script, inputs=[data], command="python main.py {data}")
    agent.start()
    until(lambda: job.finish)
    environment = job.finish.pop("environment")
    assert "python" in environment
    assert job.finish == {
        "rank": 0, "outcome": "succeeded", "fault": None, "reason": "", "rule": None, "exit_code": 0, "last_lines": [],
        "started": True, "detail": {"environment": "own", "start": "cold"},
    }  # fmt: skip
    assert job.states in (["preparing", "running", "finalizing"], ["preparing", "finalizing"])  # over in a moment
    assert job.log.decode() == "data: MKTAYIAK 序列 data.csv\n蛋白质\n"
    assert job.artifacts == {"sub/结果.txt": b"42", "big.bin": b"x" * 200_000}
    until(agent.empty)
    until(lambda: master.beats[-1].members == [])


def test_overrides_come_after_the_project_s_own(master: StubMaster, agent: AgentProcess) -> None:
    mlproject = """
entry_points:
  main:
    parameters:
      overrides: {type: string, default: "model=cnn seed=1"}
    command: "python main.py {overrides}"
"""
    script = "import shlex, sys; print(shlex.split(sys.argv[1]))"
    job = master.job(script, project={"MLproject": mlproject}, overrides=["seed=2", "note='两 words'"])
    agent.start()
    until(lambda: job.finish)
    assert job.log.decode() == str(["model=cnn", "seed=1", "seed=2", "note='两 words'"]) + "\n"


def test_the_second_job_on_the_same_data_transfers_nothing(master: StubMaster, agent: AgentProcess) -> None:
    data = master.input("data", "d.csv", b"abc" * 1000)
    first = master.job("print(1)", inputs=[data], command="python main.py {data}")
    agent.start()
    until(lambda: first.finish)
    second = master.job("print(1)", inputs=[data], command="python main.py {data}")
    until(lambda: second.finish)
    assert first.spec.snapshot == second.spec.snapshot
    assert second.finish is not None and second.finish["outcome"] == "succeeded"
    assert master.downloads(data.files[0].url) == 1
    assert master.downloads(first.spec.snapshot_url) == 1


def test_a_failure_brings_its_reason_and_last_lines(master: StubMaster, agent: AgentProcess) -> None:
    job = master.job("for i in range(80): print('line', i)\nraise SystemExit(3)")
    agent.start()
    until(lambda: job.finish)
    assert job.finish is not None
    assert (job.finish["outcome"], job.finish["fault"], job.finish["exit_code"]) == ("failed", "user", 3)
    assert job.finish["reason"] == "exit code 3"
    assert job.finish["last_lines"] == [f"line {n}" for n in range(30, 80)]


def test_reasons_of_crashes(master: StubMaster, agent: AgentProcess) -> None:
    scripts = {
        "killed by SIGSEGV": "import os; os.kill(os.getpid(), 11)",
        "out of memory": "raise RuntimeError('CUDA out of memory. Tried to allocate 20 GiB')",
        "disk full": "raise OSError(28, 'No space left on device')",
    }
    jobs = {reason: master.job(script) for reason, script in scripts.items()}
    agent.start()
    for reason, job in jobs.items():
        until(lambda job=job: job.finish)
        assert job.finish is not None
        assert reason in job.finish["reason"]
        assert job.finish["fault"] == ("infra" if reason == "disk full" else "user")


def test_the_time_limit_ends_the_tree(master: StubMaster, agent: AgentProcess) -> None:
    job = master.job("import time\nprint('on', flush=True)\ntime.sleep(600)", time_limit=1.0, grace=0.5)
    agent.start()
    until(lambda: job.finish)
    assert job.finish is not None
    assert (job.finish["outcome"], job.finish["fault"]) == ("failed", "user")
    assert job.finish["reason"] == "time limit of 1 s"


_FAMILY = """
import os, subprocess, sys, time, signal
if "--deaf" in sys.argv: signal.signal(signal.SIGTERM, signal.SIG_IGN)
detached = subprocess.Popen(["bash", "-c", "trap '' TERM; setsid sleep 601 & sleep 602"], start_new_session=True)
subprocess.run(["bash", "-c", "(setsid sleep 603 &) ; true"])
print("ready", os.getpid(), flush=True)
time.sleep(600)
"""


def _family(job_id: str) -> list[int]:
    mark = f"PROTEINX_RUN_ID={job_id}".encode()
    return [
        process.pid for process in processes.everyone() if process.state not in "ZX" and mark in _environ(process.pid)
    ]


def _environ(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return b""


def test_cancel_ends_the_whole_tree(master: StubMaster, agent: AgentProcess) -> None:
    job = master.job(_FAMILY, command="python main.py --deaf", grace=0.3)
    agent.start()
    until(lambda: b"ready" in job.log)
    until(lambda: len(_family(job.job_id)) >= 4)
    master.cancel(job)
    until(lambda: job.finish)
    assert job.finish is not None
    assert job.finish["outcome"] == "cancelled"
    assert job.finish["reason"] == "asked by a test"
    assert _family(job.job_id) == []
    until(agent.empty)


def test_a_fenced_attempt_is_killed_and_thrown_away(master: StubMaster, agent: AgentProcess) -> None:
    job = master.job(_FAMILY)
    agent.start()
    until(lambda: b"ready" in job.log)
    job.gone = True
    master.cancel(job, "kill")
    until(agent.empty)
    assert job.finish is None
    assert job.artifacts == {}
    assert _family(job.job_id) == []


def test_410_on_a_log_write_fences(master: StubMaster, agent: AgentProcess) -> None:
    job = master.job("import time\nwhile True:\n print('x', flush=True)\n time.sleep(0.02)")
    agent.start()
    until(lambda: len(job.log) > 10)
    job.gone = True
    until(agent.empty)
    assert job.finish is None
    assert _family(job.job_id) == []


def test_what_a_job_leaves_behind_is_ended(master: StubMaster, agent: AgentProcess) -> None:
    job = master.job("import subprocess\nsubprocess.Popen(['setsid', 'sleep', '604'])\nprint('done')")
    agent.start()
    until(lambda: job.finish)
    assert job.finish is not None and job.finish["outcome"] == "succeeded"
    assert _family(job.job_id) == []


def test_a_killed_supervisor_is_noticed(master: StubMaster, agent: AgentProcess) -> None:
    job = master.job(_FAMILY)
    agent.start()
    until(lambda: b"ready" in job.log)
    os.kill(agent.supervisor()["supervisor"]["pid"], signal.SIGKILL)
    until(lambda: job.finish)
    assert job.finish is not None
    assert (job.finish["outcome"], job.finish["fault"]) == ("failed", "infra")
    assert "supervisor" in job.finish["reason"]
    assert _family(job.job_id) == []
    until(agent.empty)


_TICKER = """
import os, time, pathlib
stop = pathlib.Path(os.environ["PROTEINX_OUTPUT_DIR"], "stop")
n = 0
while not pathlib.Path(os.environ["TMPDIR"], "stop").exists():
    print("tick", n, flush=True); n += 1; time.sleep(0.01)
print("end", flush=True)
"""


def test_an_agent_that_was_killed_adopts_its_jobs(master: StubMaster, agent: AgentProcess) -> None:
    job = master.job(_TICKER)
    agent.start()
    until(lambda: b"tick 3" in job.log)
    before = agent.supervisor()
    agent.kill()
    mark = len(job.log)
    until(lambda: len(job.log) > mark + 100)  # goes on, and is heard, without an agent
    agent.start()
    count = len(master.beats)
    until(lambda: len(master.beats) > count and master.beats[-1].members)
    assert agent.supervisor() == before
    assert master.registered[-1]["authorization"] == "Bearer px_n_node_secret"
    (agent.attempt().temporary / "stop").touch()
    until(lambda: job.finish)
    assert job.finish is not None and job.finish["outcome"] == "succeeded"
    assert job.claims == 1
    lines = job.log.decode().splitlines()
    assert lines == [f"tick {n}" for n in range(len(lines) - 1)] + ["end"]
    until(lambda: master.beats[-1].members == [])


def test_an_end_without_an_agent_reaches_the_master(master: StubMaster, agent: AgentProcess) -> None:
    job = master.job(_TICKER)
    agent.start()
    until(lambda: b"tick 3" in job.log)
    directory = agent.attempt()
    agent.kill()
    (directory.temporary / "stop").touch()
    until(lambda: job.finish)
    assert job.finish is not None and job.finish["outcome"] == "succeeded"
    until(agent.empty)


def test_both_killed_the_next_agent_reports_it(master: StubMaster, agent: AgentProcess) -> None:
    job = master.job(_FAMILY)
    agent.start()
    until(lambda: b"ready" in job.log)
    supervisor = agent.supervisor()["supervisor"]["pid"]
    agent.kill()
    os.kill(supervisor, signal.SIGKILL)
    assert _family(job.job_id)
    agent.start()
    until(lambda: job.finish)
    assert job.finish is not None and job.finish["fault"] == "infra"
    assert _family(job.job_id) == []


def test_sigterm_leaves_jobs_running(master: StubMaster, agent: AgentProcess) -> None:
    job = master.job(_TICKER)
    agent.start()
    until(lambda: b"tick 3" in job.log)
    assert agent.terminate() == 0
    assert master.beats[-1].draining
    mark = len(job.log)
    until(lambda: len(job.log) > mark + 50)
    (agent.attempt().temporary / "stop").touch()
    until(lambda: job.finish)
    assert job.finish is not None and job.finish["outcome"] == "succeeded"


@pytest.mark.parametrize("how", ["--stop-jobs", "USR1", "TERM twice"])
def test_stopping_with_the_jobs_preempts_them(master: StubMaster, agent: AgentProcess, how: str) -> None:
    script = """
import os, signal, sys, time, json, pathlib
folder = pathlib.Path(os.environ["PROTEINX_CHECKPOINT_DIR"])
def save(*_):
    (folder / "last.ckpt").write_text("state")
    manifest = {"step": 7, "epoch": 1, "files": ["last.ckpt"], "metric": None, "best": False}
    (folder / ".tmp").write_text(json.dumps(manifest))
    (folder / ".tmp").rename(folder / "last.manifest.json")
    sys.exit(1)
signal.signal(signal.SIGTERM, save)
print("ready", flush=True)
time.sleep(600)
"""
    job = master.job(script, grace=10.0)
    agent.start(*(["--stop-jobs"] if how == "--stop-jobs" else ["--drain-seconds", "60"]))
    until(lambda: b"ready" in job.log)
    assert agent.process is not None
    agent.process.send_signal(signal.SIGUSR1 if how == "USR1" else signal.SIGTERM)
    if how == "TERM twice":
        until(lambda: master.beats[-1].draining)
        agent.process.send_signal(signal.SIGTERM)
    assert agent.process.wait(60) == 0
    assert job.finish is not None and job.finish["outcome"] == "preempted"
    assert [commit["step"] for commit in job.checkpoints] == [7]
    assert job.checkpoints[0]["content"] == {"last.ckpt": b"state"}
    assert job.artifacts == {}


def test_drain_seconds_waits_for_the_job(master: StubMaster, agent: AgentProcess) -> None:
    job = master.job(_TICKER)
    agent.start("--drain-seconds", "60")
    until(lambda: b"tick 3" in job.log)
    assert agent.process is not None
    agent.process.terminate()
    until(lambda: master.beats[-1].draining)
    late = master.job("print('late')")
    mark = len(master.beats)
    until(lambda: len(master.beats) > mark + 3)
    assert late.claims == 0
    assert agent.process.poll() is None
    (agent.attempt().temporary / "stop").touch()
    assert agent.process.wait(60) == 0
    assert job.finish is not None and job.finish["outcome"] == "succeeded"


def test_resume_hands_over_the_checkpoint(master: StubMaster, agent: AgentProcess) -> None:
    script = """
import os, pathlib, json
folder = pathlib.Path(os.environ["PROTEINX_RESUME_DIR"])
manifest = json.loads(next(folder.glob("*.manifest.json")).read_text())
print(manifest["step"], [(folder / name).read_text() for name in manifest["files"]])
"""
    job = master.job(script, attempt=2, checkpoint={"step": 30, "files": {"epoch=3.ckpt": b"weights"}})
    agent.start()
    until(lambda: job.finish)
    assert job.log.decode() == "30 ['weights']\n"


def test_a_broken_input_is_infrastructure_s_fault(master: StubMaster, agent: AgentProcess) -> None:
    data = master.input("data", "d.csv", b"abc")
    master.files[data.files[0].url] = b"abd"
    job = master.job(inputs=[data], command="python main.py {data}")
    agent.start()
    until(lambda: job.finish)
    assert job.finish is not None
    assert (job.finish["outcome"], job.finish["fault"]) == ("failed", "infra")
    assert "d.csv" in job.finish["reason"] or "sha256" in job.finish["reason"]
    assert job.states == ["preparing"]


def test_a_command_that_can_t_be_rendered_is_the_project_s_fault(master: StubMaster, agent: AgentProcess) -> None:
    job = master.job(entry_point="nope")
    agent.start()
    until(lambda: job.finish)
    assert job.finish is not None
    assert (job.finish["fault"], "nope" in job.finish["reason"]) == ("user", True)


def test_cancel_while_preparing(master: StubMaster, agent: AgentProcess) -> None:
    data = master.input("data", "d.csv", b"abc")
    job = master.job(inputs=[data], command="python main.py {data}")
    content = master.files.pop(data.files[0].url)

    for _ in range(500):
        master.once("file", lambda request: JSONResponse({}, 503) if "inputs" in request.url.path else None)
    agent.start()
    until(lambda: job.states == ["preparing"])
    master.cancel(job)
    until(lambda: job.finish)
    assert content == b"abc"
    assert job.finish is not None and job.finish["outcome"] == "cancelled"


def test_environment_is_a_whitelist(master: StubMaster, agent: AgentProcess) -> None:
    agent.environment = {
        "AWS_SECRET_ACCESS_KEY": "s3cret",
        "HF_HOME": "/models",
        "PROTEINX_WORKER_PASS_ENV": '["HF_HOME"]',
    }
    job = master.job("import os, json\nprint(json.dumps(dict(os.environ)))", resources={"cpus": 2.0, "memory": 0})
    agent.start()
    until(lambda: job.finish)
    seen = json.loads(job.log)
    assert "AWS_SECRET_ACCESS_KEY" not in seen and "MASTER_URL" not in seen and "PROTEINX_TOKEN" not in seen
    assert seen["MLFLOW_RUN_ID"] == seen["PROTEINX_RUN_ID"] == job.job_id
    assert seen["MLFLOW_TRACKING_TOKEN"] == job.spec.token
    assert seen["MLFLOW_TRACKING_URI"].startswith("http://127.0.0.1:")
    assert seen["CUDA_VISIBLE_DEVICES"] == ""
    assert seen["OMP_NUM_THREADS"] == "2"
    assert seen["HF_HOME"] == "/models"
    assert seen["PROTEINX_PARAMS_LOGGED"] == "1"


@pytest.mark.slow  # by the clock, so for a machine that does nothing else
def test_start_is_quick(master: StubMaster, agent: AgentProcess) -> None:
    warm = master.job("import time; print(time.time())")
    agent.start()
    until(lambda: warm.finish)
    took = []
    for _ in range(3):
        asked = time.time()
        job = master.job("import time; print(time.time())")
        until(lambda job=job: job.finish)
        took.append(float(job.log) - asked)
    assert min(took) < 1.0, took
    print(took)


def test_a_snapshot_is_compiled_once_and_broken_code_hurts_nobody(master: StubMaster, agent: AgentProcess) -> None:
    script = "import helper; print(helper.__cached__, __import__('os').path.getmtime(helper.__cached__))"
    project = {"helper.py": "x = 1", "broken.py": "def ("}
    first, second = master.job(script, project=project), master.job(script, project=project)
    agent.start()
    for job in (first, second):
        until(lambda job=job: job.finish)
        assert job.finish is not None and job.finish["outcome"] == "succeeded"
    assert first.log.split()[1] == second.log.split()[1]  # the same bytes, made before either began


def test_an_attempt_whose_supervisors_keep_dying_is_reported(master: StubMaster, agent: AgentProcess) -> None:
    job = master.job(_FAMILY)
    agent.start()
    until(lambda: b"ready" in job.log)
    directory = agent.attempt()
    supervisor = agent.supervisor()["supervisor"]["pid"]
    directory.spool.unlink()
    directory.spool.mkdir()  # from now on, no supervisor gets far
    os.kill(supervisor, signal.SIGKILL)
    until(lambda: job.finish)
    assert job.finish is not None and job.finish["fault"] == "infra"
    assert "keeps dying" in job.finish["reason"]
    assert _family(job.job_id) == []
    until(agent.empty)


def test_a_node_that_was_removed_ends_its_agent(master: StubMaster, agent: AgentProcess) -> None:
    agent.start()
    until(lambda: master.beats)
    master.once("heartbeat", lambda _: JSONResponse({"error": "unauthorized", "detail": "this node was removed"}, 401))
    assert agent.process is not None
    assert agent.process.wait(60) == 1
    assert "this node was removed" in agent.log.read_text()


def test_a_second_agent_on_one_state_folder_is_refused(master: StubMaster, agent: AgentProcess) -> None:
    agent.start()
    until(lambda: master.beats)
    first = agent.process
    agent.start()
    second, agent.process = agent.process, first
    assert second is not None and second.wait(60) == 2
    assert "--state-dir" in agent.log.read_text()


def test_without_a_token_it_says_what_to_do(master: StubMaster, agent: AgentProcess) -> None:
    agent.environment["PROTEINX_TOKEN"] = ""
    agent.start()
    assert agent.process is not None
    assert agent.process.wait(60) == 2
    assert "px admin join-token" in agent.log.read_text()


def test_an_agent_waits_for_a_master_that_is_away(master: StubMaster, agent: AgentProcess) -> None:
    master.stop()
    agent.start()
    until(lambda: "no GPUs" in agent.log.read_text())
    master.start()
    until(lambda: master.beats)
    master.stop()
    master.start()
    mark = len(master.beats)
    until(lambda: len(master.beats) > mark)
