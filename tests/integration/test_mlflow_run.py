"""`mlflow run -b proteinx` as people call it: MLflow's own command and client, where only the light packages are."""

import hashlib
import itertools
import os
import signal
import subprocess
from pathlib import Path

import pytest

from proteinx.contracts.states import JobState
from tests.integration.harness import Agent, Lab
from tests.integration.notebook import Notebook
from tests.waiting import until

MLPROJECT = """\
name: sums
entry_points:
  main:
    parameters:
      data: {type: path}
      factor: {type: float, default: 1}
    command: "python sums.py {data} {factor}"
  wait:
    command: "python wait.py"
  fail:
    command: "python -c 'print(\\"about to fail\\"); raise SystemExit(3)'"
"""
SUMS = """\
import mlflow, os, pathlib, sys
rows = pathlib.Path(sys.argv[1]).read_text().split()
total = sum(float(row.split(",")[1]) for row in rows[1:]) * float(sys.argv[2])
print(f"sum of {pathlib.Path(sys.argv[1]).name} is {total:g}", flush=True)
with mlflow.start_run():
    mlflow.log_metric("total", total)
"""
WAIT = """\
import time
print("waiting", flush=True)
while True:
    time.sleep(0.1)
"""
_NUMBERS = itertools.count()
ONE_JOB = '{"cpus": 0.5, "memory": "128M", "follow": true}'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project, not in git, and its data beside it."""
    project = tmp_path / "sums"
    project.mkdir()
    (project / "MLproject").write_text(MLPROJECT)
    (project / "sums.py").write_text(SUMS)
    (project / "wait.py").write_text(WAIT)
    (tmp_path / "数据 one.csv").write_text(
        f"sequence,target\nMKTAYIAK,{next(_NUMBERS)}\nMKTAYIAR,2\n", encoding="utf-8"
    )
    return tmp_path


@pytest.fixture
def notebook(light_python: Path, lab: Lab, resident: Agent, folder: Path) -> Notebook:
    return Notebook(light_python, lab, folder)


def test_the_environment_is_light(notebook: Notebook) -> None:
    found = notebook.script("""
        import importlib.util, json, mlflow.projects, proteinx
        heavy = ["torch", "pandas", "numpy", "sqlalchemy", "celery", "hydra", "app", "worker", "psutil"]
        print(json.dumps([name for name in heavy if importlib.util.find_spec(name)]))
    """)
    assert found == []


def test_the_command_runs_local_code_on_a_local_file_and_shows_its_log(lab: Lab, notebook: Notebook) -> None:
    data = notebook.folder / "数据 one.csv"
    out, err = notebook.mlflow_run("-P", f"data={data.name}", "-P", "factor=2", "--backend-config", ONE_JOB)
    assert "sum of 数据 one.csv is" in out
    assert "-- succeeded" in out
    job = lab.member.jobs.page(limit=1).items[0]
    assert job.id in err
    assert job.project == "sums"
    assert job.parameters == {"factor": "2"}
    assert job.resources.cpus == 0.5
    name, _, number = job.inputs["data"].partition("@")
    version = lab.member.datasets.version(name, int(number))
    assert version.sha256 == hashlib.sha256(data.read_bytes()).hexdigest()
    tags = lab.member.runs.tags(job.id)
    assert tags["mlflow.project.backend"] == "proteinx"


def test_the_file_and_the_code_go_up_once(lab: Lab, notebook: Notebook) -> None:
    for _ in range(2):
        notebook.mlflow_run("-P", "data=数据 one.csv", "--backend-config", '{"cpus": 0.5, "memory": "128M"}')
    first, second = lab.member.jobs.page(limit=2).items
    assert (first.inputs, first.snapshot) == (second.inputs, second.snapshot)
    (notebook.folder / "sums" / "sums.py").write_text(f"# changed, not committed anywhere\n{SUMS}")
    notebook.mlflow_run("-P", "data=数据 one.csv", "--backend-config", '{"cpus": 0.5, "memory": "128M"}')
    third = lab.member.jobs.page(limit=1).items[0]
    assert third.inputs == first.inputs
    assert third.snapshot != first.snapshot


def test_a_failed_job_fails_the_command_that_follows_it(notebook: Notebook) -> None:
    out, err = notebook.mlflow_run("-e", "fail", "--backend-config", ONE_JOB, code=1)
    assert "about to fail" in out
    assert "is failed" in err
    assert "Traceback" not in err


def test_python_waits_and_reads_the_metric(lab: Lab, notebook: Notebook) -> None:
    told = notebook.script("""
        import json, mlflow
        run = mlflow.projects.run("sums", parameters={"data": "数据 one.csv", "factor": 3.0}, backend="proteinx",
                                  backend_config={"cpus": 0.5, "memory": "128M", "name": "thrice"},
                                  experiment_name=None, synchronous=True)
        kept = mlflow.MlflowClient().get_run(run.run_id)
        print(json.dumps([run.run_id, run.get_status(), kept.info.status, kept.data.metrics["total"],
                          mlflow.get_tracking_uri()]))
    """)
    run_id, status, run_status, total, uri = told
    assert (status, run_status) == ("FINISHED", "FINISHED")
    assert total % 3 == 0
    assert uri == lab.member.mlflow_url
    assert lab.job(run_id).name == "thrice"


def test_threads_of_one_notebook_submit_at_once(notebook: Notebook) -> None:
    told = notebook.script("""
        import json, mlflow.projects
        from concurrent.futures import ThreadPoolExecutor
        def submit(number):
            run = mlflow.projects.run("sums", entry_point="wait", backend="proteinx", synchronous=False,
                                      backend_config={"cpus": 0.5, "memory": "128M"})
            run.cancel()
            return run.run_id
        with ThreadPoolExecutor(4) as pool:
            print(json.dumps(list(pool.map(submit, range(4)))))
    """)
    assert len(set(told)) == 4


def test_python_goes_on_at_once_and_cancels(lab: Lab, notebook: Notebook) -> None:
    told = notebook.script("""
        import json, mlflow
        run = mlflow.projects.run("sums", entry_point="wait", backend="proteinx", synchronous=False,
                                  backend_config={"cpus": 0.5, "memory": "128M"})
        before = run.get_status()
        run.cancel()
        print(json.dumps([run.run_id, before, run.get_status(), run.wait(),
                          mlflow.MlflowClient().get_run(run.run_id).info.status]))
    """)
    run_id, before, after, waited, run_status = told
    assert before in ("SCHEDULED", "RUNNING")
    assert (after, waited, run_status) == ("KILLED", False, "KILLED")
    assert lab.job(run_id).state is JobState.CANCELLED


def test_ctrl_c_while_waiting_cancels(lab: Lab, notebook: Notebook) -> None:
    process = notebook.start(
        "-c",
        "import mlflow; mlflow.projects.run('sums', entry_point='wait', backend='proteinx',"
        " backend_config={'cpus': 0.5, 'memory': '128M', 'name': 'to interrupt'})",
    )
    assert process.stdout is not None
    until(lambda: "waiting" in process.stdout.readline(), 60, "the job's log is shown")
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=300)
    assert "KeyboardInterrupt" in err
    [job] = lab.member.jobs.page(search="to interrupt").items
    assert job.state is JobState.CANCELLED


def test_named_experiments_datasets_and_projects_at_the_master(lab: Lab, notebook: Notebook) -> None:
    notebook.mlflow_run("-P", "data=数据 one.csv", "--backend-config", '{"cpus": 0.5, "memory": "128M"}')
    reference = lab.member.jobs.page(limit=1).items[0].inputs["data"]
    uri = {"MLFLOW_TRACKING_URI": lab.member.mlflow_url}
    arguments = ["-P", f"data={reference}", "--experiment-name", "sums of things", "--backend-config", ONE_JOB]
    notebook.run("-m", "mlflow", "run", "proteinx:sums", "-b", "proteinx", *arguments, **uri)
    job = lab.member.jobs.page(limit=1).items[0]
    assert job.experiment == "sums of things"
    assert job.inputs["data"] == reference


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["-P", "data=missing.csv"], "there is no file 'missing.csv'"),
        (["-P", "data=http://elsewhere.example/x.csv"], "download it first"),
        (["-P", "data=nosuchdataset"], "no dataset 'nosuchdataset'"),
        (["-e", "mian"], "Did you mean 'main'?"),
        (["-P", "data=数据 one.csv", "-P", "factor=many"], "must be a number"),
        (["--backend-config", '{"gpu": 1}'], "Did you mean 'gpus'?"),
        (["--backend-config", '{"memory": "lots"}'], "write for example 8G"),
        (["--backend-config", '{"priority": 101}'], "priority"),
        ([], "needs the input 'data'"),
        (["-v", "nosuchversion"], "git"),
    ],
)
def test_what_is_wrong_is_told_in_a_sentence_and_nothing_is_made(
    lab: Lab, notebook: Notebook, arguments: list[str], told: str
) -> None:
    before = lab.member.jobs.page(limit=1).total
    _, err = notebook.mlflow_run(*arguments, code=1)
    assert told in err
    assert "Traceback" not in err
    assert lab.member.jobs.page(limit=1).total == before


def test_another_tracking_server_is_refused(notebook: Notebook) -> None:
    elsewhere = {"MLFLOW_TRACKING_URI": "http://127.0.0.1:9"}
    _, err = notebook.mlflow_run("-e", "wait", code=1, **elsewhere)
    assert "you are signed in to" in err


def test_without_sign_in_it_says_so(notebook: Notebook) -> None:
    _, err = notebook.mlflow_run("-e", "wait", code=1, PROTEINX_CONFIG_DIR=os.devnull)
    assert "px login" in err


def test_a_commit_of_a_local_repository_runs_and_the_folder_stays(lab: Lab, notebook: Notebook) -> None:
    project = notebook.folder / "sums"
    git = ["git", "-C", str(project), "-c", "user.name=t", "-c", "user.email=t@t"]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "-qm", "one"], check=True)
    (project / "sums.py").write_text("raise SystemExit('the changed file')")
    out, _ = notebook.mlflow_run("-v", "HEAD", "-P", "data=数据 one.csv", "--backend-config", ONE_JOB)
    assert "sum of" in out
    assert "changed" in (project / "sums.py").read_text()
