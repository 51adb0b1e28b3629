"""The worker's agent: `python -m worker.agent --master $MASTER_URL`."""

import argparse
import logging
import queue
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable
from typing import Final

from pydantic import SecretStr, ValidationError

from proteinx.client.agent import NodeClient
from proteinx.client.errors import ApiError
from proteinx.client.retry import Retry
from proteinx.client.transport import Transport
from proteinx.contracts.nodes import Assignment, HeartbeatReply
from proteinx.contracts.queues import Doorbell
from worker import landlock, machine, processes
from worker.attempts import Attempts
from worker.cache import Cache
from worker.desktop import Desktop
from worker.doorbell import Doorbells
from worker.gpus import Gpus
from worker.heard import Heard
from worker.heartbeat import Heart
from worker.identity import CannotJoin, join
from worker.layout import StateDir, take_lock
from worker.settings import WorkerSettings
from worker.starter import Starter
from worker.warm.keeper import Launchers

_TICK: Final = 0.25
_CLEAN_EVERY: Final = 60.0
_STOP_PATIENCE: Final = 80.0
"""How long the agent waits for jobs that it ends; their supervisors see to it with or without it."""
log = logging.getLogger(__name__)


class Agent:
    """One node's agent. Jobs do not need it to go on; it starts them, and looks after them."""

    def __init__(self, settings: WorkerSettings) -> None:
        self._settings = settings
        self._state = StateDir(settings.state_dir)
        self._backoff = Retry(attempts=None, base=settings.backoff_base, cap=settings.backoff_cap)
        self._stop = threading.Event()
        self._cleaned_at = -_CLEAN_EVERY
        self._end_jobs = settings.stop_jobs
        self._deaths: queue.SimpleQueue[BaseException] = queue.SimpleQueue()
        self._transport = Transport(settings.master_url, stop=self._stop)
        self._gpus = Gpus(Desktop.of(settings.gpu_ignore, settings.gpu_ignore_bytes))
        self._heart: Heart
        self._attempts: Attempts
        self._doorbells: Doorbells | None = None
        self._launchers = Launchers(self._state, settings, self._backoff) if settings.warm_start else None

    def run(self) -> int:
        """Returns the exit code."""
        self._state.create()
        lock = take_lock(self._state.lock)
        if lock is None:
            raise CannotJoin(f"Another agent uses {self._state.root}; give this one its own --state-dir.")
        self.join()
        self._attempts.adopt()
        self.start_side_loops()
        death = self.work()
        self.drain()
        self.stop()
        return 0 if death is None else 1

    def join(self) -> None:
        settings = self._settings
        confine = settings.isolation and landlock.abi() > 0
        if settings.isolation and not confine:
            log.warning(
                "this kernel has no Landlock: a job can read what this user can", extra={"action": "no_isolation"}
            )
        info = machine.describe(self._gpus, settings.labels, isolation=confine)
        asked_at = time.monotonic()
        identity, reply = join(self._state, settings, info, self._transport)
        heard = Heard(self._state.heard)
        heard.note(asked_at)
        log.info("joined as %s (%s)", settings.name, identity.node_id, extra={"action": "joined"})
        node = NodeClient(self._transport)
        cache = Cache(settings.cache, settings.cache_bytes)
        starter = Starter(settings, cache, node, environment=info.packages, confine=confine, launchers=self._launchers)
        self._attempts = Attempts(self._state, cache, starter, changed=lambda: self._heart.now())  # noqa: PLW0108  made below
        self._heart = Heart(
            node,
            boot_id=info.boot_id,
            seconds=reply.heartbeat_seconds,
            backoff=self._backoff,
            sample=lambda: machine.sample(self._gpus, settings.state_dir, self._attempts.is_ours),
            members=self._attempts.inventory,
            answer=self._answer,
            heard=heard,
        )
        redis_url = settings.redis_url.get_secret_value() if settings.redis_url else reply.redis_url
        if redis_url and settings.consumer:
            self._doorbells = Doorbells(
                redis_url,
                identity.node_id,
                canary_seconds=settings.canary_seconds,
                backoff=self._backoff,
                heard=self._heard,
                master_answers=self._heart.healthy.is_set,
                diary=self._state.root / "consumer.log",
            )

    def start_side_loops(self) -> None:
        self._side_loop("heartbeat", self._heart.run)
        if self._doorbells is not None:
            self._side_loop("doorbell", self._doorbells.listen)
            self._side_loop("consumer", self._doorbells.keep_consumer)
        if self._launchers is not None:
            self._side_loop("small launcher", self._launchers.small.run)
            self._side_loop("launcher", self._launchers.large.run)

    def work(self) -> BaseException | None:
        """Until it is stopped, or a side loop died: then the agent ends too, loudly."""
        while not self._stop.wait(_TICK):
            self._attempts.look_after()
            self._keep_space()
            if not self._deaths.empty():
                return self._deaths.get()
        return None

    def _keep_space(self) -> None:
        """A full disk fails whatever comes next, and what is cached can be had again."""
        short = shutil.disk_usage(self._settings.cache).free < self._settings.min_free_bytes
        if short and time.monotonic() - self._cleaned_at > _CLEAN_EVERY:
            self._cleaned_at = time.monotonic()
            log.warning("the disk is short of space: the cache is cleaned", extra={"action": "cache_cleaned"})
            self._attempts.clean_cache()

    def drain(self) -> None:
        """Takes nothing new. Running jobs go on without an agent; with `drain_seconds`, it waits for their end."""
        self._heart.draining = True
        self._heart.now()
        deadline = time.monotonic() + self._settings.drain_seconds
        ending = False
        while not self._attempts.idle():
            if self._end_jobs and not ending:
                self._attempts.preempt_all("the worker was stopped")
                deadline = time.monotonic() + _STOP_PATIENCE
                ending = True
            if time.monotonic() >= deadline:
                return
            self._attempts.look_after()
            time.sleep(_TICK)

    def stop(self) -> None:
        self._heart.stop()
        if self._doorbells is not None:
            self._doorbells.stop()
        if self._launchers is not None:
            self._launchers.small.stop()
            self._launchers.large.stop()
        try:
            self._heart.beat()  # the master hears at once that nothing more can be placed here
        except ApiError as error:
            log.info("the master did not hear the goodbye: %s", error, extra={"action": "goodbye_unheard"})
        for thread in self._side_loops():
            thread.join(timeout=5.0)

    def on_signal(self, number: int, _: object) -> None:
        """The first TERM leaves running jobs alone; a second one, or USR1, ends them."""
        self._end_jobs = self._end_jobs or number == signal.SIGUSR1 or self._stop.is_set()
        log.info("got %s", signal.Signals(number).name, extra={"action": "stopping"})
        self._stop.set()

    # --- what the side loops bring ---

    def _answer(self, reply: HeartbeatReply) -> None:
        for command in reply.commands:
            self._attempts.obey(command)
        if not self._heart.draining:
            for assignment in reply.assignments:
                self._attempts.start(assignment)

    def _heard(self, bell: Doorbell) -> None:
        """A bell has no authority: a start is claimed at the master, a cancel is looked up with a heartbeat."""
        if bell.kind == "start" and not self._heart.draining:
            self._attempts.start(
                Assignment(job_id=bell.job_id, attempt=bell.attempt, rank=bell.rank, dispatch_id=bell.dispatch_id)
            )
        elif bell.kind == "cancel":
            self._heart.now()

    def _side_loop(self, name: str, loop: Callable[[], None]) -> None:
        def run() -> None:
            try:
                loop()
            except BaseException as error:
                log.exception("the %s loop died", name, extra={"action": "side_loop_died"})
                self._deaths.put(error)

        threading.Thread(target=run, name=f"side {name}", daemon=True).start()

    def _side_loops(self) -> list[threading.Thread]:
        return [thread for thread in threading.enumerate() if thread.name.startswith("side ")]


def read_settings(arguments: list[str]) -> WorkerSettings:
    """Raises ValidationError."""
    parser = argparse.ArgumentParser(prog="python -m worker.agent", description="Lends this machine to a master.")
    parser.add_argument("--master", help="the master's address (MASTER_URL)")
    parser.add_argument("--redis", help="the broker's address (REDIS_URL); without it the master's own")
    parser.add_argument("--join-token", help="shown in the list of processes; PROTEINX_TOKEN is better")
    parser.add_argument("--name", help="the node's name")
    parser.add_argument("--state-dir", help="where identity, jobs and cache are kept")
    parser.add_argument("--label", action="append", default=[], metavar="KEY=VALUE", help="may be given several times")
    parser.add_argument("--drain-seconds", type=float, help="on SIGTERM, wait so long for running jobs")
    parser.add_argument("--stop-jobs", action="store_true", default=None, help="on SIGTERM, end the jobs too")
    given = parser.parse_args(arguments)
    labels = dict(label.split("=", 1) for label in given.label if "=" in label)
    values = {
        "master_url": given.master,
        "redis_url": SecretStr(given.redis) if given.redis else None,
        "token": SecretStr(given.join_token) if given.join_token else None,
        "name": given.name,
        "state_dir": given.state_dir,
        "labels": labels or None,
        "drain_seconds": given.drain_seconds,
        "stop_jobs": given.stop_jobs,
    }
    return WorkerSettings(**{key: value for key, value in values.items() if value is not None})


def main(arguments: list[str]) -> int:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    processes.hide()
    try:
        agent = Agent(read_settings(arguments))
    except ValidationError as error:
        fields = ", ".join(str(problem["loc"][0]) for problem in error.errors())
        print(f"Missing or wrong: {fields}. Give --master or set MASTER_URL.", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, agent.on_signal)
    signal.signal(signal.SIGINT, agent.on_signal)
    signal.signal(signal.SIGUSR1, agent.on_signal)
    try:
        return agent.run()
    except CannotJoin as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
