"""The agent's bookkeeping where folders come and go beneath it."""

from pathlib import Path

import pytest

from proteinx.client.agent import NodeClient
from proteinx.client.transport import Transport
from proteinx.contracts.nodes import Assignment, Command
from proteinx.contracts.states import AttemptState
from worker.attempts import Attempts, Local
from worker.cache import Cache
from worker.layout import AttemptKey, StateDir, read_json
from worker.settings import WorkerSettings
from worker.starter import Starter

KEY = AttemptKey("a" * 32, 1, 0)


@pytest.fixture
def state(tmp_path: Path) -> StateDir:
    made = StateDir(tmp_path / "state")
    made.create()
    return made


@pytest.fixture
def attempts(state: StateDir) -> Attempts:
    settings = WorkerSettings(master_url="http://127.0.0.1:1", state_dir=state.root)
    cache = Cache(settings.cache, settings.cache_bytes)
    node = NodeClient(Transport(settings.master_url))
    return Attempts(state, cache, Starter(settings, cache, node, environment={}, confine=False), changed=lambda: None)


def test_orders_for_what_is_over_or_unknown_are_no_accident(attempts: Attempts, state: StateDir) -> None:
    attempts.obey(Command(kind="kill", job_id=KEY.job_id, attempt=1, reason="unknown"))
    attempts._locals[KEY] = Local(state.attempt(KEY))  # its supervisor has just thrown the folder away
    attempts.obey(Command(kind="kill", job_id=KEY.job_id, attempt=1, reason="over"))
    attempts.look_after()
    assert attempts.inventory() == [] and attempts.idle()


def test_what_can_t_be_claimed_leaves_nothing(attempts: Attempts, state: StateDir) -> None:
    attempts.start(Assignment(job_id=KEY.job_id, attempt=1, rank=0, dispatch_id="d"))
    assert [member.state for member in attempts.inventory()] in ([AttemptState.ASSIGNED], [])
    thread = attempts._locals[KEY].preparing if KEY in attempts._locals else None
    if thread is not None:
        thread.join(60)
    assert attempts.idle()
    assert list(state.attempts.iterdir()) == []


def test_leftovers_of_a_discard_are_swept(attempts: Attempts, state: StateDir) -> None:
    (state.attempts / f".over-{KEY}" / "work").mkdir(parents=True)
    half = state.attempt(KEY)
    half.create()  # made, but killed before the assignment was written
    attempts.adopt()
    assert list(state.attempts.iterdir()) == []
    assert attempts.idle()


def test_a_folder_may_be_discarded_by_both(state: StateDir) -> None:
    directory = state.attempt(KEY)
    directory.create()
    directory.discard()
    directory.discard()
    assert not directory.supervised()


def test_a_lighter_order_does_not_take_the_place_of_a_weightier_one(attempts: Attempts, state: StateDir) -> None:
    directory = state.attempt(KEY)
    directory.create()
    attempts._locals[KEY] = Local(directory)
    for kind, stands in (("cancel", "cancel"), ("preempt", "cancel"), ("kill", "kill"), ("cancel", "kill")):
        if kind == "preempt":
            attempts.preempt_all("the worker was stopped")
        else:
            attempts.obey(Command(kind=kind, job_id=KEY.job_id, attempt=1, reason="asked"))
        assert read_json(directory.order)["kind"] == stands
