"""What each kind of fault does. An injector chooses among the targets there are, strikes, and says how it is healed."""

import os
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

import redis

from tests.chaos.lab import ChaosLab, Worker
from tests.chaos.plan import FaultPlan
from worker import processes
from worker.layout import AttemptDir, AttemptKey, read_json

Target = TypeVar("Target")
MASTER: Final = "master"


@dataclass(frozen=True, slots=True)
class Struck:
    """A fault that has been injected."""

    target: str
    holds: frozenset[str]
    """What no other fault may touch until it is healed: names of workers, `master`."""
    heal: Callable[[], None] | None = None


@dataclass(slots=True)
class Scene:
    lab: ChaosLab
    busy: set[str] = field(default_factory=set)
    killed: set[AttemptKey] = field(default_factory=set)
    """Attempts whose own process was killed."""
    filled: set[str] = field(default_factory=set)
    """Workers whose disk was full once."""

    def workers(self) -> list[Worker]:
        """Those that no other fault has its hands on, that are up, and that have work: else there is nothing to see."""
        free = [one for one in self.lab.workers if one.name not in self.busy and one.agent.alive]
        return [one for one in free if one.attempts()]

    def attempts(self) -> list[tuple[Worker, AttemptDir]]:
        return [(worker, attempt) for worker in self.workers() for attempt in worker.attempts()]

    def master_is_free(self) -> bool:
        return MASTER not in self.busy and self.lab.master.alive


Injector = Callable[[Scene, FaultPlan], Struck | None]
"""None = there is nothing to strike at this moment."""


def choose(pick: float, targets: Sequence[Target]) -> Target | None:
    return targets[int(pick * len(targets))] if targets else None


def on_worker(worker: Worker, heal: Callable[[], None] | None = None) -> Struck:
    return Struck(worker.name, frozenset({worker.name}), heal)


def on_master(what: str, heal: Callable[[], None] | None = None) -> Struck:
    return Struck(what, frozenset({MASTER}), heal)


# --- processes of a node ---


def agent_killed(scene: Scene, fault: FaultPlan) -> Struck | None:
    worker = choose(fault.pick, scene.workers())
    if worker is None:
        return None
    worker.agent.kill()
    return on_worker(worker, worker.agent.start)


def node_killed(scene: Scene, fault: FaultPlan) -> Struck | None:
    worker = choose(fault.pick, scene.workers())
    if worker is None:
        return None
    worker.agent.kill_tree()
    return on_worker(worker, worker.agent.start)


def agent_stopped(scene: Scene, fault: FaultPlan) -> Struck | None:
    worker = choose(fault.pick, scene.workers())
    if worker is None:
        return None
    worker.agent.pause()
    return on_worker(worker, worker.agent.resume)


def supervisor_killed(scene: Scene, fault: FaultPlan) -> Struck | None:
    return _kill_of_attempt(scene, fault, "supervisor")


def job_killed(scene: Scene, fault: FaultPlan) -> Struck | None:
    return _kill_of_attempt(scene, fault, "child")


def _kill_of_attempt(scene: Scene, fault: FaultPlan, who: str) -> Struck | None:
    found = []
    for worker, attempt in scene.attempts():
        process = (read_json(attempt.state) or {}).get(who)
        if process and processes.alive(process["pid"], process["ticks"]) and not attempt.outcome.exists():
            found.append((worker, attempt.key, process["pid"]))
    target = choose(fault.pick, found)
    if target is None:
        return None
    worker, key, pid = target
    if who == "child":
        scene.killed.add(key)
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return None
    return Struck(f"{worker.name} {key.job_id[:6]}.{key.attempt}", frozenset())


def launcher_killed(scene: Scene, fault: FaultPlan) -> Struck | None:
    worker = choose(fault.pick, scene.workers())
    launchers = worker.launchers() if worker else []
    if worker is None or not launchers:
        return None
    for pid in launchers:
        os.kill(pid, signal.SIGKILL)
    return on_worker(worker)


# --- a node's link, disk and clock ---


def link_cut(scene: Scene, fault: FaultPlan) -> Struck | None:
    worker = choose(fault.pick, scene.workers())
    if worker is None:
        return None
    worker.link.cut()
    how = "its cable" if worker.link.real else "its proxy"
    return Struck(f"{worker.name}, {how}", frozenset({worker.name}), worker.link.heal)


def link_reset(scene: Scene, fault: FaultPlan) -> Struck | None:
    worker = choose(fault.pick, scene.workers())
    if worker is None:
        return None
    worker.link.reset()
    return on_worker(worker)


def link_half_open(scene: Scene, fault: FaultPlan) -> Struck | None:
    worker = choose(fault.pick, scene.workers())
    if worker is None:
        return None
    worker.link.half_open()
    return on_worker(worker)


def reply_lost(scene: Scene, fault: FaultPlan) -> Struck | None:
    worker = choose(fault.pick, scene.workers())
    if worker is None:
        return None
    worker.link.lose_replies(True)
    return on_worker(worker, lambda: worker.link.lose_replies(False))


def upload_torn(scene: Scene, fault: FaultPlan) -> Struck | None:
    worker = choose(fault.pick, scene.workers())
    if worker is None:
        return None
    worker.link.tear_uploads(True)
    return on_worker(worker, lambda: worker.link.tear_uploads(False))


def disk_full(scene: Scene, fault: FaultPlan) -> Struck | None:
    worker = choose(fault.pick, [one for one in scene.workers() if one.disk.mounted])
    if worker is None:
        return None
    scene.filled.add(worker.name)
    worker.disk.fill()
    return on_worker(worker, worker.disk.free)


def worker_clock_stepped(scene: Scene, fault: FaultPlan) -> Struck | None:
    worker = choose(fault.pick, [one for one in scene.workers() if one.clock.can_step])
    if worker is None:
        return None
    worker.clock.set(_step(fault))
    return on_worker(worker, lambda: worker.clock.set(0))


def _step(fault: FaultPlan) -> int:
    """Hours or days, ahead or back."""
    return (-259_200, -3_600, 3_600, 259_200)[int(fault.pick * 4)]


# --- the master and what it runs ---


def master_killed(scene: Scene, fault: FaultPlan) -> Struck | None:
    if not scene.master_is_free():
        return None
    scene.lab.master.kill()
    return on_master("master", scene.lab.restart_master)


def scheduler_killed(scene: Scene, fault: FaultPlan) -> Struck | None:
    if not scene.master_is_free():
        return None
    statement = 1 + int(fault.pick * 60)
    scene.lab.master.die_at(statement)
    return on_master(f"statement {statement}", scene.lab.restart_master)


def master_stopped(scene: Scene, fault: FaultPlan) -> Struck | None:
    if not scene.master_is_free():
        return None
    scene.lab.master.pause()
    return on_master("master", scene.lab.master.resume)


def master_clock_stepped(scene: Scene, fault: FaultPlan) -> Struck | None:
    if not (scene.master_is_free() and scene.lab.master_clock.can_step):
        return None
    scene.lab.master_clock.set(_step(fault))
    return on_master(f"{_step(fault):+} s", lambda: scene.lab.master_clock.set(0))


def master_misdated(scene: Scene, fault: FaultPlan) -> Struck | None:
    """What was written under a clock that was wrong is read by one that is right again."""
    lab = scene.lab
    if not (scene.master_is_free() and lab.master_clock.can_step):
        return None
    lab.master.kill()
    lab.master_clock.set(_step(fault))
    lab.restart_master()

    def heal() -> None:
        lab.master.kill()
        lab.master_clock.set(0)
        lab.restart_master()

    return on_master(f"{_step(fault):+} s", heal)


def broker_flushed(scene: Scene, fault: FaultPlan) -> Struck | None:
    if not scene.master_is_free():
        return None
    try:
        scene.lab.master.redis().flushall()
    except redis.ConnectionError:  # being started again just now
        return None
    return on_master("broker")


def broker_killed(scene: Scene, fault: FaultPlan) -> Struck | None:
    return _kill_child(scene, "broker")


def mlflow_killed(scene: Scene, fault: FaultPlan) -> Struck | None:
    return _kill_child(scene, "mlflow")


def _kill_child(scene: Scene, name: str) -> Struck | None:
    pid = scene.lab.master.child_pid(name) if scene.master_is_free() else None
    if pid is None:
        return None
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:  # being started again just now
        return None
    return on_master(name)


def bell_doubled(scene: Scene, fault: FaultPlan) -> Struck | None:
    """Every bell that was ever rung, again, at every node."""
    if not scene.master_is_free():
        return None
    rung = scene.lab.ring_all_again()
    return on_master(f"{rung} bells") if rung else None


INJECTORS: Final[dict[str, Injector]] = {
    "agent_killed": agent_killed,
    "agent_stopped": agent_stopped,
    "agent_stopped_long": agent_stopped,
    "supervisor_killed": supervisor_killed,
    "job_killed": job_killed,
    "launcher_killed": launcher_killed,
    "node_lost": node_killed,
    "node_crashed": node_killed,
    "link_cut": link_cut,
    "link_cut_long": link_cut,
    "link_reset": link_reset,
    "link_half_open": link_half_open,
    "reply_lost": reply_lost,
    "upload_torn": upload_torn,
    "disk_full": disk_full,
    "worker_clock_stepped": worker_clock_stepped,
    "master_killed": master_killed,
    "master_stopped": master_stopped,
    "scheduler_killed": scheduler_killed,
    "master_clock_stepped": master_clock_stepped,
    "master_misdated": master_misdated,
    "broker_flushed": broker_flushed,
    "broker_killed": broker_killed,
    "mlflow_killed": mlflow_killed,
    "bell_doubled": bell_doubled,
}
