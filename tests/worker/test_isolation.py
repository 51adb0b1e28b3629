"""What a job's process can and can't read of its worker, seen from inside the job."""

import json
from pathlib import Path

import pytest

from tests.worker.conftest import AgentProcess
from tests.worker.stub import StubMaster, until
from worker import landlock

pytestmark = pytest.mark.skipif(not landlock.abi(), reason="this kernel has no Landlock")

_SPY = """
import glob, json, os, pathlib, signal, sys
found = {}
def look(name, act):
    try:
        found[name] = repr(act())[:80]
    except Exception as error:
        found[name] = type(error).__name__
for name, path in json.loads(os.environ["TARGETS"]).items():
    look(name, pathlib.Path(path).read_text)
leaks = []
secrets = json.loads(os.environ["SECRETS"])
me = os.getpid()
for folder in glob.glob("/proc/[0-9]*"):
    for part in ("environ", "cmdline"):
        try:
            content = open(f"{folder}/{part}", "rb").read().decode(errors="replace")
        except OSError:
            continue
        if os.path.basename(folder) != str(me):
            leaks += [f"{folder}/{part}" for secret in secrets if secret in content]
found["leaks"] = leaks
look("kill supervisor", lambda: os.kill(os.getppid(), 0))
look("supervisor memory", lambda: open(f"/proc/{os.getppid()}/mem", "rb").read(1))
look("own input", pathlib.Path(sys.argv[1]).read_text)
look("change input", lambda: pathlib.Path(sys.argv[1]).write_text("x"))
look("own code", lambda: pathlib.Path("note").write_text("x"))
look("worker code", lambda: pathlib.Path(os.environ["REPOSITORY"], "worker", "evil.py").write_text("x"))
look("link out", lambda: os.link(sys.argv[1], os.environ["PROTEINX_OUTPUT_DIR"] + "/link"))
look("temporary", lambda: pathlib.Path(os.environ["TMPDIR"], "x").write_text("x"))
os.symlink(json.loads(os.environ["TARGETS"])["node token"], os.environ["PROTEINX_OUTPUT_DIR"] + "/stolen")
print(json.dumps(found))
"""


def test_a_job_reads_no_credential_but_its_own(master: StubMaster, agent: AgentProcess, tmp_path: Path) -> None:
    private = tmp_path / "master-home"
    private.mkdir()
    (private / "secret").write_text("the master's")
    home = tmp_path / "person"
    (home / ".ssh").mkdir(parents=True)
    (home / ".ssh" / "id_ed25519").write_text("PRIVATE KEY")
    (home / ".netrc").write_text("password hunter2")
    (home / "papers.txt").write_text("free")
    targets = {
        "node token": str(agent.state / "node.json"),
        "master": str(private / "secret"),
        "ssh": str(home / ".ssh" / "id_ed25519"),
        "netrc": str(home / ".netrc"),
        "papers": str(home / "papers.txt"),
    }
    agent.environment = {
        "HOME": str(home),
        "PROTEINX_WORKER_PRIVATE_PATHS": json.dumps([str(private)]),
        "PROTEINX_WORKER_PASS_ENV": '["TARGETS", "SECRETS", "REPOSITORY"]',
        "REPOSITORY": str(Path(__file__).resolve().parents[2]),
        "TARGETS": json.dumps(targets),
        "SECRETS": json.dumps(["px_w_join_secret", "px_n_node_secret"]),
    }
    data = master.input("data", "d.csv", b"abc")
    job = master.job(_SPY, inputs=[data], command="python main.py {data}")
    agent.start()
    until(lambda: job.finish)
    assert job.finish is not None and job.finish["outcome"] == "succeeded", job.log
    found = json.loads(job.log)
    denied = {
        "node token",
        "master",
        "ssh",
        "netrc",
        "change input",
        "worker code",
        "kill supervisor",
        "supervisor memory",
    }
    assert {name for name in denied if found[name] != "PermissionError"} == set(), found
    assert found["leaks"] == []
    assert found["papers"] == "'free'"
    assert found["own input"] == "'abc'"
    assert found["own code"] == found["temporary"] == "1"
    assert found["link out"] in ("PermissionError", "OSError")  # a link would be a way to change the cache
    assert list(job.artifacts) == []  # a link is no output
    assert master.registered[0]["body"].count('"isolation":"landlock"') == 1


def test_a_checkpoint_can_t_be_a_link_to_a_secret(master: StubMaster, agent: AgentProcess) -> None:
    script = f"""
import os, json, pathlib
folder = pathlib.Path(os.environ["PROTEINX_CHECKPOINT_DIR"])
os.symlink({str(agent.state / "node.json")!r}, folder / "a.ckpt")
os.symlink({str(agent.state)!r}, folder / "dir")
for step, name in enumerate(["a.ckpt", "dir/node.json", "../../../../node.json"]):
    (folder / f"{{step}}.manifest.json").write_text(json.dumps({{"step": step, "files": [name]}}))
"""
    job = master.job(script)
    agent.start()
    until(lambda: job.finish)
    assert job.finish is not None and job.finish["outcome"] == "succeeded"
    assert job.checkpoints == []
    assert not any(b"px_n_" in upload.get("content", b"") for upload in master.uploads.values())


def test_isolation_can_be_switched_off_and_says_so(master: StubMaster, agent: AgentProcess) -> None:
    agent.environment["PROTEINX_WORKER_ISOLATION"] = "false"
    job = master.job()
    agent.start()
    until(lambda: job.finish)
    assert '"isolation":"none"' in master.registered[0]["body"]
