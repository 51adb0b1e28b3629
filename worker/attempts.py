"""The attempts on this node: starts them, finds them again after a restart, and passes orders on to them.

What an attempt is, its folder tells; the agent keeps in memory only what it is doing itself. So an agent that was
killed goes on where the folders are.
"""

import logging
import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from proteinx.client.errors import ApiError
from proteinx.client.transport import Stopped
from proteinx.contracts.jobs import JobSpec
from proteinx.contracts.nodes import Assignment, Command, MemberStatus
from proteinx.contracts.phrases import say
from proteinx.contracts.states import AttemptState, Fault
from worker import processes
from worker.brief import Brief
from worker.cache import Cache
from worker.layout import AttemptDir, AttemptKey, StateDir, read_json, write_json
from worker.outcome import failed
from worker.prepare import digests
from worker.starter import Process, Starter, broken_off
from worker.strays import end_strays

_MAX_REVIVALS: Final = 5
_WEIGHT: Final = {"preempt": 1, "cancel": 2, "kill": 3}
"""A weightier order takes the place of one that is being carried out, never the other way round."""
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Local:
    """What the agent itself does for an attempt."""

    directory: AttemptDir
    process: Process | None = None
    preparing: threading.Thread | None = None
    stop: threading.Event = field(default_factory=threading.Event)
    """Set to break off the preparation."""
    order: dict[str, str] | None = None
    revivals: int = 0


class Attempts:
    def __init__(self, state: StateDir, cache: Cache, starter: Starter, *, changed: Callable[[], None]) -> None:
        """`changed` is called when an attempt came or went."""
        self._state = state
        self._cache = cache
        self._starter = starter
        self._changed = changed
        self._locals: dict[AttemptKey, Local] = {}
        self._lock = threading.RLock()

    # --- what there is ---

    def inventory(self) -> list[MemberStatus]:
        """All that the master has not had the end of, dead or alive."""
        with self._lock:
            known = list(self._locals)
        return [
            MemberStatus(job_id=key.job_id, attempt=key.attempt, rank=key.rank, state=_phase(self._state.attempt(key)))
            for key in known
        ]

    def idle(self) -> bool:
        with self._lock:
            return not self._locals

    def is_ours(self, pid: int) -> bool:
        """Whether a process belongs to an attempt of this node."""
        cookie = processes.cookie_of(pid)
        return cookie is not None and any(cookie.startswith(f"{key}.") for key in list(self._locals))

    def adopt(self) -> None:
        """After a start of the agent: takes up what its predecessor left, and ends what nobody owns any more."""
        self._state.sweep()
        for directory in self._state.known():
            assignment = _assignment_in(directory)
            if assignment is None:
                directory.discard()
                continue
            with self._lock:
                self._locals[directory.key] = Local(directory)
            if not directory.supervised() and not _was_started(directory):
                self._prepare_in_background(directory, assignment)
            log.info("%s is taken up again", directory.key, extra={"action": "adopted"})
        end_strays(self._state.attempts, {str(key) for key in self._locals})

    # --- start ---

    def start(self, assignment: Assignment) -> None:
        """Claims and prepares it, in a thread of its own; what is here already is left alone."""
        key = AttemptKey(assignment.job_id, assignment.attempt, assignment.rank)
        with self._lock:
            if key in self._locals:
                return
            directory = self._state.attempt(key)
            try:
                directory.create()
                write_json(directory.assignment, assignment.model_dump(), durable=False)
            except OSError as error:  # a full disk: what is not claimed in time is placed elsewhere
                log.warning("%s can't be taken up: %s", key, error, extra={"action": "not_taken_up"})
                directory.discard()
                return
            self._locals[key] = Local(directory)
            self._prepare_in_background(directory, assignment)

    def _prepare_in_background(self, directory: AttemptDir, assignment: Assignment) -> None:
        local = self._locals[directory.key]
        local.preparing = threading.Thread(
            target=self._prepare, args=(local, assignment), name=f"prepare {directory.key}", daemon=True
        )
        local.preparing.start()

    def _prepare(self, local: Local, assignment: Assignment) -> None:
        try:
            spec = self._claim(local, assignment)
            if spec is None:
                return
            try:
                self._starter.make_ready(local.directory, spec, local.stop)
            except Stopped:
                broken_off(local.order).save(local.directory)
            self._spawn(local)
            if self._cache.grown():
                self._cache.trim(self._in_use())
        except Exception:
            # Nothing can be written or nothing be started here: the master sees that it is gone, and places it anew.
            log.exception("%s could not be prepared", local.directory.key, extra={"action": "prepare_failed"})
            if local.process is None:
                self._forget(local)

    def _claim(self, local: Local, assignment: Assignment) -> JobSpec | None:
        """None if the attempt is not, or no longer, ours."""
        try:
            return self._starter.claim(assignment)
        except ApiError as error:
            # Refused, or the master is away: then the next heartbeat brings it again if it is still ours.
            log.info("%s is not claimed: %s", local.directory.key, error, extra={"action": "claim_refused"})
            self._forget(local)
        except Stopped:
            with self._lock:  # the folder stays: the next agent claims it again, and gets the same answer
                self._locals.pop(local.directory.key, None)
        return None

    def clean_cache(self) -> None:
        """Lets go of all that no attempt here uses."""
        self._cache.trim(self._in_use(), limit=0)

    def _in_use(self) -> set[str]:
        """What of the cache the attempts here use."""
        with self._lock:
            directories = [local.directory for local in self._locals.values()]
        found: set[str] = set()
        for directory in directories:
            with suppress(FileNotFoundError):  # not claimed yet, or over at this moment
                found |= digests(Brief.load(directory.spec).spec)
                found |= set((read_json(directory.launch) or {}).get("holds", ()))
        return found

    def _spawn(self, local: Local) -> None:
        with self._lock:
            if local.order is not None and local.order["kind"] == "kill":
                self._forget(local)
                return
            local.process = self._starter.spawn(local.directory)
        self._changed()

    # --- orders ---

    def obey(self, command: Command) -> None:
        key = AttemptKey(command.job_id, command.attempt, command.rank)
        self._order(key, {"kind": command.kind, "reason": command.reason})

    def preempt_all(self, reason: str) -> None:
        """Ends all jobs in order, so that they go on elsewhere."""
        with self._lock:
            keys = list(self._locals)
        for key in keys:
            self._order(key, {"kind": "preempt", "reason": reason})

    def _order(self, key: AttemptKey, order: dict[str, str]) -> None:
        with self._lock:
            local = self._locals.get(key)
            if local is None or (local.order is not None and _WEIGHT[local.order["kind"]] >= _WEIGHT[order["kind"]]):
                return
            try:
                write_json(local.directory.order, order, durable=False)
            except FileNotFoundError:  # it ended this very moment, and its supervisor has tidied up
                return
            except OSError as error:  # a full disk: the next heartbeat brings the order again
                log.warning("%s: %s can't be passed on: %s", key, order["kind"], error, extra={"action": "order_kept"})
                return
            local.order = order
            local.stop.set()
            supervisor = (read_json(local.directory.state) or {}).get("supervisor")
        log.info("%s: %s (%s)", key, order["kind"], order["reason"], extra={"action": f"order_{order['kind']}"})
        if supervisor is not None and processes.alive(supervisor["pid"], supervisor["ticks"]):
            os.kill(supervisor["pid"], signal.SIGUSR1)

    # --- the end ---

    def look_after(self) -> None:
        """Notices attempts that are over, and supervisors that died before theirs was."""
        with self._lock:
            candidates = list(self._locals.values())
        for local in candidates:
            if local.process is not None and local.process.poll() is not None:
                local.process = None
            busy = local.process is not None or (local.preparing is not None and local.preparing.is_alive())
            if busy:
                continue
            if not local.directory.root.exists():
                self._forget(local)
                log.info("%s is over", local.directory.key, extra={"action": "over"})
            elif not local.directory.supervised():
                self._revive(local)

    def _revive(self, local: Local) -> None:
        """A new supervisor ends what is left of the job, and tells the master what the dead one could not."""
        if not local.directory.root.exists():
            return
        if not local.directory.spec.exists():
            self._forget(local)  # never claimed, as far as we know: the master will say so, or place it anew
            return
        local.revivals += 1
        if local.revivals > _MAX_REVIVALS:
            log.error("%s: its supervisor keeps dying; given up", local.directory.key, extra={"action": "given_up"})
            local.preparing = threading.Thread(target=self._give_up, args=(local,), name="give up", daemon=True)
            local.preparing.start()
            return
        log.warning("%s: its supervisor died", local.directory.key, extra={"action": "supervisor_died"})
        if not _was_started(local.directory) and not local.directory.launch.exists():
            failed(Fault.INFRA, say("preparing_broken_off")).save(local.directory)
        self._spawn(local)

    def _give_up(self, local: Local) -> None:
        self._starter.bury(local.directory)
        self._forget(local)

    def _forget(self, local: Local) -> None:
        local.directory.discard()
        with self._lock:
            self._locals.pop(local.directory.key, None)
        self._changed()


def _assignment_in(directory: AttemptDir) -> Assignment | None:
    """None where it was never written, or a power cut left only part of it: then nothing was claimed either."""
    try:
        known = read_json(directory.assignment)
        return Assignment(**known) if known is not None else None
    except (ValueError, TypeError) as error:
        log.warning("%s can't be read and is let go: %s", directory.key, error, extra={"action": "torn_assignment"})
        return None


def _phase(directory: AttemptDir) -> AttemptState:
    if directory.outcome.exists():
        return AttemptState.FINALIZING
    if directory.state.exists():
        return AttemptState.RUNNING
    return AttemptState.PREPARING if directory.spec.exists() else AttemptState.ASSIGNED


def _was_started(directory: AttemptDir) -> bool:
    return directory.state.exists() or directory.outcome.exists()
