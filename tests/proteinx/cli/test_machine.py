"""What is about this machine: background processes, the systemd unit, the checks of `px doctor`."""

import os
import socket
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import psutil
import pytest

from proteinx.cli.agent import Agent
from proteinx.cli.checks import Level, machine, reachability
from proteinx.cli.exits import CommandError
from proteinx.cli.master import Address, require_free
from proteinx.cli.processes import Processes, wait_until_up
from proteinx.cli.unit import unit_text
from tests.waiting import until

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]
STUBBORN = "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
STUBBORN += (
    "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']); print('up', flush=True); time.sleep(600)"
)


@pytest.fixture
def processes(tmp_path: Path):
    made = Processes(tmp_path)
    yield made
    for name in ("one", "two"):
        made.stop(name, grace=0, with_children=True)


def start(processes: Processes, command: list[str], name: str = "one"):
    return processes.start(name, command, cwd=Path("/"), env=os.environ)


def test_a_process_is_found_again_and_stopped(processes: Processes) -> None:
    record = start(processes, SLEEP)
    assert processes.find("one") == record
    assert processes.stop("one", grace=5, with_children=False)
    assert not psutil.pid_exists(record.pid) or psutil.Process(record.pid).status() == psutil.STATUS_ZOMBIE
    assert processes.find("one") is None
    assert not processes.stop("one", grace=5, with_children=False)


def test_a_pid_that_was_given_to_another_is_left_alone(processes: Processes, tmp_path: Path) -> None:
    record = start(processes, SLEEP)
    path = tmp_path / "run" / "one.json"
    path.write_text(path.read_text().replace(str(record.created), str(record.created - 100)))
    assert processes.find("one") is None
    assert not processes.stop("one", grace=5, with_children=True)
    assert psutil.Process(record.pid).is_running()
    psutil.Process(record.pid).kill()


def test_what_ignores_term_is_killed_with_its_children(processes: Processes) -> None:
    record = start(processes, [sys.executable, "-c", STUBBORN])
    until(lambda: "up" in Path(record.log).read_text(), 60, "it is up")
    [child] = psutil.Process(record.pid).children()
    assert processes.stop("one", grace=0.2, with_children=True)
    until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE, 60, "the child has ended")


def test_it_outlives_its_terminal(processes: Processes) -> None:
    record = start(processes, SLEEP)
    assert os.getsid(record.pid) == record.pid


def test_a_start_that_fails_shows_the_log(processes: Processes) -> None:
    record = start(processes, [sys.executable, "-c", "print('the reason'); raise SystemExit(3)"])
    with pytest.raises(CommandError, match="the reason"):
        wait_until_up(record, lambda: False, 20)


def test_a_start_that_hangs_shows_the_log(processes: Processes) -> None:
    record = start(processes, SLEEP)
    with pytest.raises(CommandError, match="is not up"):
        wait_until_up(record, lambda: False, 0.05)


def test_a_taken_port_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CommandError, match=rf"{port}.*--port"):
            require_free(Address("127.0.0.1", port))
    with pytest.raises(CommandError, match=r"192\.0\.2\.1"):
        require_free(Address("192.0.2.1", 0))


def test_addresses_are_urls() -> None:
    assert Address("10.0.0.5", 80).url == "http://10.0.0.5:80"
    assert Address("::1", 80).url == "http://[::1]:80"


def test_unit_starts_the_agent_and_leaves_jobs_alone(tmp_path: Path) -> None:
    agent = Agent(tmp_path / "源码 100%", tmp_path / "home")
    text = unit_text(agent, "http://lab:8000", user="ana")
    assert "KillMode=process" in text
    assert "User=ana" in text
    assert "px_" not in text
    line = next(line for line in text.splitlines() if line.startswith("ExecStart="))
    assert '"worker.agent" "--master" "http://lab:8000"' in line
    assert "100%%" in next(line for line in text.splitlines() if line.startswith("WorkingDirectory="))
    analyze = "/usr/bin/systemd-analyze"
    if Path(analyze).exists():
        path = tmp_path / "proteinx-worker.service"
        path.write_text(unit_text(agent, "http://lab:8000", user=None))
        subprocess.run([analyze, "verify", str(path)], check=True)


def test_agent_gets_no_token_of_a_person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROTEINX_TOKEN", "px_u_mine")
    agent = Agent(tmp_path, tmp_path)
    assert "PROTEINX_TOKEN" not in agent.environment(None)
    assert agent.environment("px_w_join")["PROTEINX_TOKEN"] == "px_w_join"


Usage = namedtuple("Usage", "total used free")


@pytest.mark.parametrize(("free", "level"), [(2**40, Level.OK), (5 * 2**30, Level.WARN), (2**29, Level.FAIL)])
def test_little_disk_is_told(free: int, level: Level, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("proteinx.cli.checks.machine.shutil.disk_usage", lambda _: Usage(2**41, 0, free))
    [finding] = machine.disk(tmp_path / "not" / "yet")
    assert finding.level is level


@pytest.mark.parametrize(
    ("date", "level"),
    [(None, Level.WARN), ("Tue, 24 Nov 2020 00:00:00 GMT", Level.FAIL)],
)
def test_a_wrong_clock_is_told(date: str | None, level: Level) -> None:
    assert reachability._clock(date).level is level


@pytest.mark.parametrize(
    ("url", "level"),
    [("https://lab", Level.OK), ("http://127.0.0.1:8000", Level.OK), ("http://10.0.0.5:8000", Level.WARN)],
)
def test_plain_http_over_the_network_is_told(url: str, level: Level) -> None:
    assert reachability._tls(url).level is level
