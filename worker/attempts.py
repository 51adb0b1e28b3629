"""The attempts on this node: starts them, finds them again after a restart, and passes orders on to them.

What an attempt is, its folder tells; the agent keeps in memory only what it is doing itself. So an agent that was
killed goes on where the folders are.
"""

import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from proteinx.client.agent import AttemptClient, NodeClient
from proteinx.client.errors import ApiError
from proteinx.client.retry import ONCE, Retry
from proteinx.client.transport import Stopped, Transport
from proteinx.contracts.jobs import Claim, JobSpec
from proteinx.contracts.nodes import Assignment, Command, MemberStatus
from proteinx.contracts.protocol import PROTOCOL
from proteinx.contracts.states import AttemptState, Fault
from worker import processes
from worker.brief import Brief, SupervisorSettings
from worker.cache import Cache
from worker.insist import Fenced, Insistence
from worker.launch import Launch
from worker.layout import AttemptDir, AttemptKey, StateDir, read_json, write_json
from worker.outcome import Outcome, failed
from worker.prepare import digests, prepare
from worker.settings import REPOSITORY, WorkerSettings

_SUPERVISOR_ENV = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE")
_MAX_REVIVALS = 5
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Local:
    """What the agent itself does for an attempt."""

    directory: AttemptDir
    process: "subprocess.Popen[bytes] | None" = None
    preparing: threading.Thread | None = None
    stop: threading.Event = field(default_factory=threading.Event)
    """Set to break off the preparation."""
    order: dict[str, str] | None = None
    revivals: int = 0


class Attempts:
    def __init__(
        self,
        state: StateDir,
        settings: WorkerSettings,
        cache: Cache,
        node: NodeClient,
        *,
        environment: dict[str, str],
        confine: bool,
        changed: Callable[[], None],
    ) -> None:
        self._state = state
        self._settings = settings
        self._cache = cache
        self._node = node
        self._environment = environment
        self._confine = confine
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
            if not directory.assignment.exists():
                directory.discard()
                continue
            with self._lock:
                self._locals[directory.key] = Local(directory)
            if not directory.supervised() and not _was_started(directory):
                self._prepare_in_background(directory, Assignment(**read_json(directory.assignment)))
            log.info("%s is taken up again", directory.key, extra={"action": "adopted"})
        self._end_strays()

    def _end_strays(self) -> None:
        """Processes with a cookie of this state folder's attempts, which are gone."""
        names = {str(key) for key in self._locals}
        prefix = f"{self._state.attempts}/"
        strays = [
            pid
            for pid in processes.with_cookie(lambda cookie: cookie.rpartition(".")[0] not in names)
            if _home_of(pid).startswith(prefix)
        ]
        processes.send(strays, signal.SIGKILL)
        if strays:
            log.warning("ended processes without an owner: %s", strays, extra={"action": "strays_ended"})

    # --- start ---

    def start(self, assignment: Assignment) -> None:
        """Claims and prepares it, in a thread of its own; what is here already is left alone."""
        key = AttemptKey(assignment.job_id, assignment.attempt, assignment.rank)
        with self._lock:
            if key in self._locals:
                return
            directory = self._state.attempt(key)
            directory.create()
            write_json(directory.assignment, assignment.model_dump(), durable=False)
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
            if spec is not None:
                self._make_ready(local, spec)
                self._spawn(local)
        except Exception:
            # Nothing can be written or nothing be started here: the master sees that it is gone, and places it anew.
            log.exception("%s could not be prepared", local.directory.key, extra={"action": "prepare_failed"})
            self._forget(local)

    def _claim(self, local: Local, assignment: Assignment) -> JobSpec | None:
        """None if the attempt is not, or no longer, ours."""
        claim = Claim(protocol=PROTOCOL, dispatch_id=assignment.dispatch_id, rank=assignment.rank)
        retry = Retry(attempts=3, base=0.1, cap=1.0)
        try:
            return self._node.claim(assignment.job_id, assignment.attempt, claim, retry=retry)
        except ApiError as error:
            # Refused, or the master is away: then the next heartbeat brings it again if it is still ours.
            log.info("%s is not claimed: %s", local.directory.key, error, extra={"action": "claim_refused"})
            self._forget(local)
            return None
        except Stopped:
            return None  # the folder stays: the next agent claims it again, and gets the same answer

    def _make_ready(self, local: Local, spec: JobSpec) -> None:
        """Leaves the attempt ready to start, or with its outcome."""
        directory = local.directory
        Brief(spec=spec, settings=self._supervisor_settings(), environment=self._environment).save(directory)
        retry = Retry(attempts=8, base=self._settings.backoff_base / 4, cap=self._settings.backoff_cap)
        transport = Transport(self._settings.master_url, spec.token, retry=retry, stop=local.stop, timeout=120.0)
        client = AttemptClient(transport, spec.job_id, spec.attempt, spec.rank)
        try:
            client.report(AttemptState.PREPARING)
            prepare(spec, directory, self._cache, client, self._settings, confine=self._confine)
            self._trim()
        except Stopped:
            order = local.order or {"kind": "preempt", "reason": "the worker was stopped"}
            kind = "cancelled" if order["kind"] == "cancel" else "preempted"
            Outcome(kind, order["reason"]).save(directory)  # type: ignore[arg-type]
        except Exception as error:
            log.warning("%s can't be prepared: %s", directory.key, error, extra={"action": "prepare_failed"})
            failed(_fault(error), f"preparing failed: {error}").save(directory)
        finally:
            transport.close()

    def _trim(self) -> None:
        in_use: set[str] = set()
        with self._lock:
            directories = [local.directory for local in self._locals.values()]
        for directory in directories:
            with suppress(FileNotFoundError):  # not claimed yet, or over at this moment
                in_use |= digests(Brief.load(directory.spec).spec)
        self._cache.trim(in_use)

    def _spawn(self, local: Local) -> None:
        """Starts the supervisor, in a session of its own: it outlives the agent."""
        with self._lock:
            if local.order is not None and local.order["kind"] == "kill":
                self._forget(local)
                return
            environment = {name: os.environ[name] for name in _SUPERVISOR_ENV if name in os.environ}
            environment["PYTHONPATH"] = os.pathsep.join([str(REPOSITORY), str(REPOSITORY / "src")])
            with local.directory.diary.open("ab") as diary:
                local.process = subprocess.Popen(
                    [sys.executable, "-m", "worker.supervisor", str(local.directory.root)],
                    cwd=REPOSITORY,
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=diary,
                    stderr=diary,
                    start_new_session=True,
                )
        log.info("%s is started", local.directory.key, extra={"action": "started"})
        self._changed()

    def _supervisor_settings(self) -> SupervisorSettings:
        return SupervisorSettings(
            master_url=self._settings.master_url,
            backoff_base=self._settings.backoff_base,
            backoff_cap=self._settings.backoff_cap,
            checkpoint_interval=self._settings.checkpoint_interval,
            relay_patience=self._settings.relay_patience,
        )

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
            if local is None or (local.order or {}).get("kind") == order["kind"]:
                return
            local.order = order
            local.stop.set()
            try:
                write_json(local.directory.order, order, durable=False)
            except FileNotFoundError:  # it ended this very moment, and its supervisor has tidied up
                return
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
        local.revivals += 1
        if local.revivals > _MAX_REVIVALS:
            log.error("%s: its supervisor keeps dying; given up", local.directory.key, extra={"action": "given_up"})
            local.preparing = threading.Thread(target=self._give_up, args=(local,), name="give up", daemon=True)
            local.preparing.start()
            return
        log.warning("%s: its supervisor died", local.directory.key, extra={"action": "supervisor_died"})
        if not _was_started(local.directory) and not local.directory.launch.exists():
            failed(Fault.INFRA, "the preparation was broken off").save(local.directory)
        self._spawn(local)

    def _give_up(self, local: Local) -> None:
        """The agent itself does the least that must be done: ends what is left, and says so."""
        problem = "the supervisor of the job keeps dying; the agent's log has more"
        launch = read_json(local.directory.launch)
        try:
            if launch is not None:
                cookie = Launch(**launch).cookie
                processes.end_tree(lambda: processes.with_cookie(lambda found: found == cookie), grace=0.0)
        except processes.Unkillable as error:
            problem = str(error)
        spec = Brief.load(local.directory.spec).spec
        client = AttemptClient(
            Transport(self._settings.master_url, spec.token, retry=ONCE), spec.job_id, spec.attempt, spec.rank
        )
        insist = Insistence(self._settings.backoff_base, self._settings.backoff_cap)
        try:
            insist(lambda: client.finish(failed(Fault.INFRA, problem).finish(spec.rank)), "end")
        except (ApiError, Fenced) as error:
            log.warning("%s: its end is not wanted: %s", local.directory.key, error, extra={"action": "finish_refused"})
        self._forget(local)

    def _forget(self, local: Local) -> None:
        local.directory.discard()
        with self._lock:
            self._locals.pop(local.directory.key, None)
        self._changed()


def _phase(directory: AttemptDir) -> AttemptState:
    if directory.outcome.exists():
        return AttemptState.FINALIZING
    if directory.state.exists():
        return AttemptState.RUNNING
    return AttemptState.PREPARING if directory.spec.exists() else AttemptState.ASSIGNED


def _was_started(directory: AttemptDir) -> bool:
    return directory.state.exists() or directory.outcome.exists()


def _fault(error: Exception) -> Fault:
    """A project that can't be started is its author's; what the network or the disk did is not."""
    if isinstance(error, ApiError | OSError) or type(error).__name__ == "TransferError":
        return Fault.INFRA
    return Fault.USER


def _home_of(pid: int) -> str:
    """HOME in a process's environment: which state folder its job belonged to."""
    try:
        with open(f"/proc/{pid}/environ", "rb") as file:  # noqa: PTH123
            entries = file.read().split(b"\0")
    except OSError:
        return ""
    return next((entry[5:].decode(errors="replace") for entry in entries if entry.startswith(b"HOME=")), "")
