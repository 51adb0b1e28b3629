"""Full disks, a master that is not heard, connections that died: what the worker makes of them."""

import errno
import os
import time
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest

from proteinx.contracts.faults import BUILT_IN
from proteinx.contracts.nodes import Assignment, Command
from proteinx.contracts.states import Fault
from tests.worker.conftest import AgentProcess, alive
from tests.worker.stub import StubMaster, until
from worker import outcome
from worker.attempts import Attempts
from worker.cache import Cache
from worker.doorbell import _fresh_folder
from worker.forwarder import Forwarder
from worker.heard import Heard
from worker.heartbeat import patience
from worker.insist import Insistence
from worker.layout import AttemptKey, StateDir
from worker.metrics_file import MetricsFile
from worker.spool import Spool
from worker.supervision import Supervision

ASSIGNMENT = Assignment(job_id="j", attempt=1, rank=0, dispatch_id="d")
FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_an_entry_that_a_full_disk_cut_short_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spool = Spool(tmp_path / "s")
    spool.append({"n": 1})
    write = os.write
    with monkeypatch.context() as patch:
        patch.setattr("worker.spool.os.write", lambda file, line: write(file, line[:5]))
        with pytest.raises(OSError, match="No space left"):
            spool.append({"n": 2})
    spool.append({"n": 3})
    assert [entry["n"] for entry in spool.read()[0]] == [1, 3]


def test_a_job_that_fails_on_a_full_disk_could_not_even_say_so(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("step 1\n")
    found = outcome.classify(1 << 8, tmp_path / "log", memory_kills=0, rules=BUILT_IN, disk_full=True)
    assert (found.fault, found.rule) == (Fault.INFRA.value, "disk_full")
    ended = outcome.classify(0, tmp_path / "log", memory_kills=0, rules=BUILT_IN, disk_full=True)
    assert ended.outcome == "succeeded"


@pytest.fixture
def attempts(tmp_path: Path) -> Attempts:
    state = StateDir(tmp_path / "state")
    state.create()
    return Attempts(state, Cache(tmp_path / "cache", 10**6), None, changed=lambda: None)  # type: ignore[arg-type]


def _full(*_: object, **__: object) -> None:
    raise FULL


def test_what_a_full_disk_keeps_from_being_taken_up_is_no_end_of_the_agent(
    attempts: Attempts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("worker.attempts.write_json", _full)
    attempts.start(ASSIGNMENT)
    assert attempts.idle()
    assert list((tmp_path / "state" / "attempts").iterdir()) == []


def test_an_order_that_a_full_disk_keeps_back_is_passed_on_with_the_next_heartbeat(
    attempts: Attempts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = StateDir(tmp_path / "state").attempt(AttemptKey("j", 1, 0))
    directory.create()
    directory.assignment.write_text(ASSIGNMENT.model_dump_json())
    monkeypatch.setattr(attempts, "_prepare_in_background", lambda *_: None)
    attempts.adopt()
    cancel = Command(kind="cancel", job_id="j", attempt=1, rank=0, reason="asked")
    with monkeypatch.context() as patch:
        patch.setattr("worker.attempts.write_json", _full)
        attempts.obey(cancel)
    assert not directory.order.exists()
    attempts.obey(cancel)
    assert directory.order.exists()


@pytest.mark.parametrize("torn", ["", "{", "{}", "[]"])
def test_an_assignment_that_a_power_cut_tore_keeps_no_agent_from_starting(
    attempts: Attempts, tmp_path: Path, torn: str
) -> None:
    directory = StateDir(tmp_path / "state").attempt(AttemptKey("j", 1, 0))
    directory.create()
    directory.assignment.write_text(torn)
    attempts.adopt()
    assert attempts.idle()
    assert not directory.root.exists()


def test_when_the_master_was_last_heard_outlives_the_agent_but_not_the_machine(tmp_path: Path) -> None:
    heard = Heard(tmp_path / "heard")
    assert heard.last() is None
    at = time.monotonic()
    heard.note(at)
    heard.close()
    again = Heard(tmp_path / "heard")
    assert again.last() == pytest.approx(at, abs=1e-5)
    again.note(at + 10_000)  # before this boot, by a clock that had run for longer
    assert again.last() is None
    again.close()


@pytest.mark.parametrize(("beat", "seconds"), [(0.1, 3.0), (5.0, 15.0), (10.0, 30.0), (300.0, 30.0)])
def test_a_beat_on_a_dead_connection_does_not_eat_up_the_lease(beat: float, seconds: float) -> None:
    assert patience(beat) == seconds


def test_a_killed_agents_doorbell_goes_with_its_successors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    first = _fresh_folder(tmp_path / "note")
    (first / "bell").touch()
    second = _fresh_folder(tmp_path / "note")
    assert not first.exists()
    assert second.exists()


SLOW = """
import os, signal, sys, time
def end(*_):
    print("told to end", flush=True)
    sys.exit(1)
signal.signal(signal.SIGTERM, end)
print("going", flush=True)
while True:
    time.sleep(0.05)
"""


def test_a_job_that_is_to_stop_where_its_worker_is_cut_off_stops_by_itself(
    master: StubMaster, agent: AgentProcess
) -> None:
    """Where the agent died as well, its supervisor sees to it alone. It is no failure, and it goes on elsewhere."""
    stopping = master.job(SLOW, stop_after=2.0, grace=0.5)
    agent.start()
    until(lambda: b"going" in stopping.log)
    pid = agent.supervisor()["child"]["pid"]
    master.stop()
    agent.kill()
    until(lambda: not alive(pid))  # while the master is away
    master.start()
    until(lambda: stopping.finish)
    assert stopping.finish is not None
    assert stopping.finish["outcome"] == "preempted"
    assert "no answer from the master within the lease of 2 s" in stopping.finish["reason"]
    assert b"told to end" in stopping.log


@pytest.mark.parametrize(
    ("heard", "grace", "stops"), [(200.0, 3.0, 207.0), (None, 3.0, 107.0), (200.0, 30.0, 205.0), (200.0, 0.0, 210.0)]
)
def test_it_is_told_to_end_so_early_that_its_grace_is_over_with_the_lease(
    heard: float | None, grace: float, stops: float
) -> None:
    """Of ten seconds, half at most are grace; who never heard the master counts from its own beginning."""
    state = SimpleNamespace(_spec=SimpleNamespace(stop_after=10.0), _began=100.0)
    state._heard = SimpleNamespace(last=lambda: heard)
    state._last_grace = partial(Supervision._last_grace, state)
    assert Supervision._cut_off_at(state, SimpleNamespace(grace=grace)) == stops  # type: ignore[arg-type]


def test_metrics_wait_for_room_and_then_arrive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk neither ends the thread that sends them nor makes its owner wait for ever."""
    sent: list[str] = []
    spool, insist = Spool(tmp_path / "s"), Insistence(0.01, 0.01)
    (tmp_path / "metrics").write_text('{"metrics": [{"key": "loss", "value": 1.0, "step": 1}]}\n')
    forwarder = Forwarder(
        spool,
        MetricsFile(tmp_path / "metrics", spool),
        None,  # type: ignore[arg-type]  nothing goes out
        insist,
        run_id="r",
        attempt=1,
        interval=0.01,
    )
    monkeypatch.setattr(forwarder, "_post", lambda path, _: sent.append(path))
    monkeypatch.setattr("worker.forwarder._FULL_SECONDS", 0.01)
    tries = iter([True, True, False, False, False])
    append = spool.append
    monkeypatch.setattr(spool, "append", lambda entry: _full() if next(tries) else append(entry))
    forwarder.start()
    forwarder.flush()
    assert sent == ["runs/log-batch"]
    insist.fence()
    forwarder.join(60)
    assert not forwarder.is_alive()
