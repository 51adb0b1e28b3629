"""The life of one attempt beside its job: watch it, keep the master told, bring it to its end."""

import logging
import os
import shutil
import signal
import socket
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from proteinx.client.agent import AttemptClient
from proteinx.client.errors import ApiError
from proteinx.client.retry import Retry
from proteinx.client.transport import Transport
from proteinx.contracts.phrases import say
from proteinx.contracts.states import AttemptState, Fault
from worker import processes
from worker.brief import Brief
from worker.burial import bury
from worker.checkpoints import CheckpointWatcher
from worker.cleanup import clean_up
from worker.environments.installed import hardware
from worker.forwarder import Forwarder
from worker.heard import Heard
from worker.insist import Fenced, Insistence
from worker.launch import Launch
from worker.layout import AttemptDir, read_json, write_json
from worker.logs import LogShipper
from worker.metrics_file import MetricsFile
from worker.outcome import Outcome, classify, failed, tail
from worker.relay import Relay
from worker.spool import Spool
from worker.supervisor import SIGNALS, Child
from worker.uploads import send_outputs

_A_MOMENT: Final = 0.1
_FULL_BYTES: Final = 1024 * 1024
"""With less than this free, a disk is full."""
log = logging.getLogger(__name__)


def supervise(attempt: AttemptDir, child: Child | None, listener: socket.socket) -> None:
    """Returns when the master has the attempt's end, or the attempt is fenced; its folder is gone then."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    supervision = Supervision(attempt, Brief.load(attempt.spec), listener, resumed=child is None)
    supervision.run(child)
    attempt.discard()


@dataclass(slots=True)
class Ending:
    """Why the supervisor itself ends a job."""

    outcome: Outcome | None
    """None = fenced: nothing is told, nothing is kept."""
    grace: float


class Supervision:
    def __init__(self, attempt: AttemptDir, brief: Brief, listener: socket.socket, *, resumed: bool) -> None:
        spec, settings = brief.spec, brief.settings
        self._attempt = attempt
        self._spec = spec
        self._settings = settings
        packages = (read_json(attempt.launch) or {}).get("packages", {})
        self._environment = hardware(brief.environment) | packages
        self._heard = Heard(attempt.home_of_all.heard)
        self._began = time.monotonic()
        self._insist = Insistence(settings.backoff_base, settings.backoff_cap)
        self._insist.on_fenced = lambda: os.kill(os.getpid(), signal.SIGUSR1)  # wakes whoever waits for the job
        retry = Retry(attempts=3, base=min(0.1, settings.backoff_base), cap=settings.backoff_cap)
        self._transport = Transport(
            settings.master_url, spec.token, retry=retry, timeout=60.0, stop=self._insist.fenced
        )
        self._client = AttemptClient(self._transport, spec.job_id, spec.attempt, spec.rank)
        spool = Spool(attempt.spool)
        self._forwarder = Forwarder(
            spool,
            MetricsFile(attempt.metrics, spool),
            self._transport,
            self._insist,
            run_id=spec.job_id,
            attempt=spec.attempt,
            interval=settings.metrics_interval,
        )
        self._logs = LogShipper(attempt, self._client, self._insist, interval=settings.log_interval, resumed=resumed)
        self._checkpoints = CheckpointWatcher(
            attempt.checkpoints,
            self._client,
            self._forwarder,
            self._insist,
            interval=settings.checkpoint_interval,
            rest=settings.checkpoint_rest,
        )
        self._relay = Relay(
            listener=listener,
            master_url=settings.master_url,
            token=spec.token,
            run_id=spec.job_id,
            attempt=spec.attempt,
            spool=spool,
            forwarder=self._forwarder,
            insist=self._insist,
            patience=settings.relay_patience,
        )
        self._running = threading.Thread(target=self._report_running, name="running", daemon=True)
        self._told: dict[str, str] = {}
        self._over = threading.Event()

    def run(self, child: Child | None) -> None:
        for thread in (self._logs, self._forwarder, self._checkpoints):
            thread.start()
        outcome: Outcome | None
        if child is None:
            outcome = found = Outcome.load(self._attempt) or bury(self._attempt)
            if found.outcome == "succeeded":
                self._running.start()  # the predecessor may have died before it could say so
        else:
            self._told = {"start": child.how, "environment": read_json(self._attempt.launch)["label"]}
            self._relay.start()
            self._running.start()
            outcome = self._watch(child)
            self._over.set()
            self._relay.stop()
        if outcome is None:
            log.warning("fenced: all of this attempt is thrown away", extra={"action": "fenced"})
            self._insist.fence()
            return
        try:
            self._finish(outcome)
        except Fenced:
            log.warning("fenced while finishing", extra={"action": "fenced"})

    def _report_running(self) -> None:
        """Left out where the job is over in a moment: the report of its end says it all."""
        if self._over.wait(_A_MOMENT):
            return
        try:
            self._report(AttemptState.RUNNING, self._told)
        except Fenced:
            return

    def _report(self, state: AttemptState, detail: dict[str, str] | None = None) -> None:
        try:
            self._insist(lambda: self._client.report(state, detail, self._environment), f"report of {state.value}")
        except ApiError as error:
            # The master keeps its own view of a state it does not take; the attempt's end is what counts.
            log.warning("the master refused %s: %s", state.value, error, extra={"action": "state_refused"})

    # --- the job ---

    def _watch(self, child: Child) -> Outcome | None:
        """Waits for the job's end, or brings it about. None = fenced."""
        launch = Launch(**read_json(self._attempt.launch))
        deadline = child.started + launch.time_limit if launch.time_limit else None
        ending: Ending | None = None
        while (status := _reap(child.pid)) is None:
            ending = self._why_end(launch, deadline)
            if ending is not None:
                break
            self._wait_for_signal(self._next_look(launch, deadline))
        problem = self._end_tree(child, launch, ending)
        outcome = ending.outcome if ending else self._classified(status, child)
        if outcome is not None:
            outcome = problem or outcome
            outcome.last_lines = tail(self._attempt.log) if outcome.outcome == "failed" else []
            self._save(outcome)
        clean_up(launch)
        if child.cgroup is not None:
            child.cgroup.remove()
        return outcome

    def _save(self, outcome: Outcome) -> None:
        """For a supervisor that comes after this one; on a full disk there will be none that knows."""
        try:
            outcome.save(self._attempt)
        except OSError as error:
            log.warning("the outcome is kept in memory only: %s", error, extra={"action": "outcome_unsaved"})

    def _classified(self, status: int | None, child: Child) -> Outcome:
        assert status is not None  # noqa: S101  the loop above ends with a status or an ending
        kills = child.cgroup.memory_kills() if child.cgroup else 0
        return classify(
            status,
            self._attempt.log,
            memory_kills=kills,
            rules=self._spec.fault_rules,
            gang=self._spec.world_size > 1,
            disk_full=shutil.disk_usage(self._attempt.root).free < _FULL_BYTES,
        )

    def _why_end(self, launch: Launch, deadline: float | None) -> Ending | None:
        order = read_json(self._attempt.order) or {}
        if self._insist.fenced.is_set() or order.get("kind") == "kill":
            return Ending(None, 0.0)
        if order.get("kind") == "cancel":
            return Ending(Outcome("cancelled", order["reason"]), launch.grace)
        if order.get("kind") == "preempt":
            return Ending(Outcome("preempted", order["reason"]), launch.grace)
        if deadline is not None and time.monotonic() >= deadline:
            reason = say("time_limit", seconds=f"{launch.time_limit:g}")
            return Ending(failed(Fault.USER, reason), launch.grace)
        stop_at = self._cut_off_at(launch)
        if stop_at is not None and time.monotonic() >= stop_at:
            reason = f"its worker had no answer from the master within the lease of {self._spec.stop_after:g} s"
            return Ending(Outcome("preempted", f"{reason}, and it is to stop then"), self._last_grace(launch))
        return None

    def _cut_off_at(self, launch: Launch) -> float | None:
        """When to end a job that may not outlive its lease: so long before that nothing of it is left then."""
        if self._spec.stop_after is None:
            return None
        heard_at = self._heard.last()
        return (heard_at or self._began) + self._spec.stop_after - self._last_grace(launch)

    def _last_grace(self, launch: Launch) -> float:
        return min(launch.grace, (self._spec.stop_after or 0.0) / 2)

    def _next_look(self, launch: Launch, deadline: float | None) -> float:
        """Seconds."""
        moments = [at for at in (deadline, self._cut_off_at(launch)) if at is not None]
        return max(0.0, min([60.0, *(at - time.monotonic() for at in moments)]))

    def _wait_for_signal(self, patience: float) -> None:
        caught = signal.sigtimedwait(SIGNALS, patience)
        if caught is not None and caught.si_signo in (signal.SIGTERM, signal.SIGINT):
            write_json(self._attempt.order, {"kind": "preempt", "reason": say("worker_stopped")})

    def _end_tree(self, child: Child, launch: Launch, ending: Ending | None) -> Outcome | None:
        """After it nothing of the job is left; else the outcome says so."""
        own = os.getpid()
        grace = ending.grace if ending else min(launch.grace, self._settings.leftover_grace)
        if ending is None and not processes.descendants(own):
            return None
        try:
            processes.end_tree(
                lambda: processes.descendants(own),
                grace=grace,
                kill_all=child.cgroup.kill if child.cgroup else None,
                reap=lambda: _reap_orphans(child.pid),
                cut_short=self._must_hurry,
            )
        except processes.Unkillable as error:
            return failed(Fault.INFRA, str(error))
        return None

    def _must_hurry(self) -> bool:
        order = read_json(self._attempt.order) or {}
        return self._insist.fenced.is_set() or order.get("kind") == "kill"

    # --- the end ---

    def _finish(self, outcome: Outcome) -> None:
        """Everything that the master must have, in the order in which it may believe it. Raises Fenced."""
        self._logs.drain()
        self._forwarder.flush()
        self._checkpoints.drain()
        if self._running.ident is not None:
            self._running.join()
        if outcome.keeps_outputs and _has_entries(self._attempt.outputs):
            self._report(AttemptState.FINALIZING, self._told)
            outcome = self._upload(outcome)
        started = bool(self._told) or outcome.exit_code is not None
        finish = outcome.finish(self._spec.rank).model_copy(
            update={"started": started, "detail": self._told, "environment": self._environment if started else {}}
        )
        try:
            self._insist(lambda: self._client.finish(finish), "end")
        except ApiError as error:
            log.warning("the master refused the attempt's end: %s", error, extra={"action": "finish_refused"})

    def _upload(self, outcome: Outcome) -> Outcome:
        try:
            send_outputs(self._attempt.outputs, self._client, self._insist)
        except (ApiError, OSError) as error:
            log.warning("the outputs can't be kept: %s", error, extra={"action": "outputs_refused"})
            if outcome.outcome == "succeeded":
                reason = say("outputs_refused", detail=error)
                return Outcome("failed", reason, Fault.USER.value, outcome.exit_code, tail(self._attempt.log))
        return outcome


def _has_entries(folder: Path) -> bool:
    return folder.is_dir() and any(folder.iterdir())


def _reap(pid: int) -> int | None:
    """The wait status of `pid` once it has ended; orphans that ended are seen off on the way."""
    while True:
        try:
            ended, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return None
        if ended == pid:
            return status
        if ended == 0:
            return None


def _reap_orphans(pid: int) -> None:
    _reap(pid)
