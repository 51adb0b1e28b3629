"""A child of the master: watched, started anew, ended with its whole tree, never run twice."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from app.processes import ChildProcess, end_tree, identify, is_alive

# Starts a grandchild, tells both pids, then waits.
PARENT = """
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
with open(sys.argv[1] + ".new", "w") as file:
    file.write(f"{os.getpid()} {child.pid}")
os.replace(sys.argv[1] + ".new", sys.argv[1])
time.sleep(600)
"""
TELL_ENVIRONMENT = """
import os, time
print(sorted(name for name in os.environ if name != "LC_CTYPE"), flush=True)
time.sleep(600)
"""
STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", flush=True)
time.sleep(600)
"""


def _wait(what: str, condition: Callable[[], bool], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"{what} did not happen"
        time.sleep(0.02)


def _pids(told: Path) -> tuple[int, int]:
    _wait("the child's start", told.exists)
    first, second = told.read_text().split()
    return int(first), int(second)


@pytest.fixture
def told(tmp_path: Path) -> Path:
    return tmp_path / "pids"


@pytest.fixture
def child(tmp_path: Path, told: Path) -> Iterator[ChildProcess]:
    made = ChildProcess("sleeper", tmp_path, lambda: [sys.executable, "-c", PARENT, str(told)], first_backoff=0.05)
    yield made
    made.stop()


def test_stop_ends_the_whole_tree(child: ChildProcess, told: Path, tmp_path: Path) -> None:
    child.start()
    pids = _pids(told)
    assert child.pid == pids[0]
    record = tmp_path / "run" / "sleeper.json"
    assert json.loads(record.read_text())["child"] == identify(pids[0])
    child.stop()
    assert not child.alive
    _wait("the tree's end", lambda: not any(psutil.pid_exists(pid) and _runs(pid) for pid in pids))
    assert not record.exists()


def _runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_child_that_dies_is_started_again(child: ChildProcess, told: Path) -> None:
    child.start()
    first, grandchild = _pids(told)
    told.unlink()
    psutil.Process(first).kill()
    second, _ = _pids(told)
    assert second != first
    _wait("the first one's orphan to end", lambda: not _runs(grandchild))
    _wait("the new child to be known", lambda: child.pid == second)


def test_a_restarted_master_ends_what_it_left_behind(child: ChildProcess, told: Path, tmp_path: Path) -> None:
    orphan = subprocess.Popen([sys.executable, "-c", PARENT, str(told)], start_new_session=True)
    first, grandchild = _pids(told)
    told.unlink()
    (tmp_path / "run").mkdir()
    record = {"child": identify(first), "master": f"{2**22 + 1}:gone"}
    (tmp_path / "run" / "sleeper.json").write_text(json.dumps(record))
    child.start()
    orphan.wait(60)
    assert not _runs(grandchild)
    assert _pids(told)[0] == child.pid


def test_another_live_master_keeps_its_child(child: ChildProcess, tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    record = {"child": identify(os.getpid()), "master": identify(os.getppid())}
    (tmp_path / "run" / "sleeper.json").write_text(json.dumps(record))
    with pytest.raises(RuntimeError, match="another master"):
        child.start()


def test_a_pid_that_was_given_to_somebody_else_is_left_alone(child: ChildProcess, told: Path, tmp_path: Path) -> None:
    bystander = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    (tmp_path / "run").mkdir()
    record = {"child": f"{bystander.pid}:before-the-reboot.1", "master": None}
    (tmp_path / "run" / "sleeper.json").write_text(json.dumps(record))
    child.start()
    assert bystander.poll() is None
    bystander.kill()
    bystander.wait()


def test_output_goes_to_a_log(tmp_path: Path) -> None:
    made = ChildProcess("talker", tmp_path, lambda: [sys.executable, "-c", "print('said', flush=True); input()"])
    made.start()
    log = tmp_path / "logs" / "talker.log"
    _wait("the output", lambda: log.exists() and "said" in log.read_text())
    made.stop()


def test_environment_is_given_whole(tmp_path: Path) -> None:
    made = ChildProcess(
        "bare", tmp_path, lambda: [sys.executable, "-c", TELL_ENVIRONMENT], env=lambda: {"ONLY": "this"}
    )
    made.start()
    log = tmp_path / "logs" / "bare.log"
    _wait("the output", lambda: log.exists() and "]" in log.read_text())
    assert "['ONLY']" in log.read_text()
    made.stop()


def test_identity_is_of_one_process() -> None:
    own = identify(os.getpid())
    assert own is not None
    assert is_alive(own)
    assert not is_alive(f"{os.getpid()}:other.1")
    assert identify(2**22 + 1) is None


def test_term_is_followed_by_kill() -> None:
    stubborn = subprocess.Popen([sys.executable, "-c", STUBBORN], stdout=subprocess.PIPE, start_new_session=True)
    assert stubborn.stdout is not None
    stubborn.stdout.readline()
    end_tree(stubborn.pid, grace=0.2)
    assert stubborn.wait(60) != 0
