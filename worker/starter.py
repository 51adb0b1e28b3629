"""Gets one attempt going: the claim at the master, the preparation, and its supervisor's process."""

import logging
import os
import subprocess
import sys
import threading
from typing import Final, Protocol

from proteinx.client.agent import AttemptClient, NodeClient
from proteinx.client.errors import ApiError, TransferError
from proteinx.client.retry import ONCE, Retry
from proteinx.client.transport import Stopped, Transport
from proteinx.contracts.jobs import Claim, JobSpec
from proteinx.contracts.nodes import Assignment
from proteinx.contracts.phrases import say
from proteinx.contracts.protocol import PROTOCOL
from proteinx.contracts.states import AttemptState, Fault
from worker import processes
from worker.brief import Brief, SupervisorSettings
from worker.cache import Cache
from worker.cleanup import clean_up
from worker.environments.base import BuildFailed
from worker.insist import Fenced, Insistence
from worker.launch import Launch
from worker.layout import AttemptDir, read_json
from worker.outcome import Outcome, failed, tail
from worker.prepare import digests, prepare
from worker.settings import REPOSITORY, WorkerSettings
from worker.warm.keeper import Launchers

_SUPERVISOR_ENV: Final = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE")
log = logging.getLogger(__name__)


class Process(Protocol):
    def poll(self) -> int | None:
        """None while it lives."""
        ...


class Starter:
    def __init__(
        self,
        settings: WorkerSettings,
        cache: Cache,
        node: NodeClient,
        *,
        environment: dict[str, str],
        confine: bool,
        launchers: Launchers | None = None,
    ) -> None:
        """`environment` is the fingerprint that is reported; `confine` keeps jobs from what is not theirs."""
        self._settings = settings
        self._cache = cache
        self._node = node
        self._environment = environment
        self._confine = confine
        self._launchers = launchers

    def claim(self, assignment: Assignment) -> JobSpec:
        """Raises ApiError where it is not, or no longer, this node's, or the master is away; Stopped."""
        claim = Claim(protocol=PROTOCOL, dispatch_id=assignment.dispatch_id, rank=assignment.rank)
        retry = Retry(attempts=3, base=0.1, cap=1.0)
        return self._node.claim(assignment.job_id, assignment.attempt, claim, retry=retry)

    def make_ready(self, directory: AttemptDir, spec: JobSpec, stop: threading.Event) -> None:
        """Leaves the attempt ready to start, or with its outcome. Raises Stopped once `stop` is set."""
        Brief(spec=spec, settings=self._supervisor_settings(), environment=self._environment).save(directory)
        retry = Retry(attempts=8, base=self._settings.backoff_base / 4, cap=self._settings.backoff_cap)
        transport = Transport(self._settings.master_url, spec.token, retry=retry, stop=stop, timeout=120.0)
        client = AttemptClient(transport, spec.job_id, spec.attempt, spec.rank)
        try:
            if not self._cache.has_all(digests(spec)):  # else it is prepared before anybody has read that
                client.report(AttemptState.PREPARING)
            prepare(spec, directory, self._cache, client, self._settings, confine=self._confine)
        except Stopped:
            raise
        except Exception as error:
            log.warning("%s can't be prepared: %s", directory.key, error, extra={"action": "prepare_failed"})
            outcome = failed(_fault(error), say("preparing_failed", detail=error))
            outcome.last_lines = tail(directory.log)
            outcome.save(directory)
        finally:
            transport.close()

    def spawn(self, directory: AttemptDir) -> Process:
        """The supervisor, in a session of its own: it outlives the agent. A fork of the launcher where there is one."""
        forked = self._launchers.supervise(directory) if self._launchers is not None else None
        process = forked or self._spawn_cold(directory)
        log.info("%s is started", directory.key, extra={"action": "started"})
        return process

    def _spawn_cold(self, directory: AttemptDir) -> Process:
        environment = {name: os.environ[name] for name in _SUPERVISOR_ENV if name in os.environ}
        environment["PYTHONPATH"] = os.pathsep.join([str(REPOSITORY), str(REPOSITORY / "src")])
        with directory.diary.open("ab") as diary:
            return subprocess.Popen(
                [sys.executable, "-m", "worker.supervisor", str(directory.root)],
                cwd=REPOSITORY,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=diary,
                stderr=diary,
                start_new_session=True,
            )

    def bury(self, directory: AttemptDir) -> None:
        """Where supervisors keep dying, the agent itself does the least that must be done: ends what is left of the
        job, and says so. Returns when the master has heard it."""
        problem = "the supervisor of the job keeps dying; the agent's log has more"
        written = read_json(directory.launch)
        try:
            if written is not None:
                launch = Launch(**written)
                processes.end_tree(lambda: processes.with_cookie(lambda found: found == launch.cookie), grace=0.0)
                clean_up(launch)
        except processes.Unkillable as error:
            problem = str(error)
        spec = Brief.load(directory.spec).spec
        transport = Transport(self._settings.master_url, spec.token, retry=ONCE)
        client = AttemptClient(transport, spec.job_id, spec.attempt, spec.rank)
        insist = Insistence(self._settings.backoff_base, self._settings.backoff_cap)
        try:
            insist(lambda: client.finish(failed(Fault.INFRA, problem).finish(spec.rank)), "end")
        except (ApiError, Fenced) as error:
            log.warning("%s: its end is not wanted: %s", directory.key, error, extra={"action": "finish_refused"})
        finally:
            transport.close()

    def _supervisor_settings(self) -> SupervisorSettings:
        return SupervisorSettings(
            master_url=self._settings.master_url,
            backoff_base=self._settings.backoff_base,
            backoff_cap=self._settings.backoff_cap,
            checkpoint_interval=self._settings.checkpoint_interval,
            checkpoint_rest=self._settings.checkpoint_rest,
            relay_patience=self._settings.relay_patience,
        )


def broken_off(order: dict[str, str] | None) -> Outcome:
    """The end of an attempt whose preparation was stopped."""
    if order is not None and order["kind"] == "cancel":
        return Outcome("cancelled", order["reason"])
    return Outcome("preempted", order["reason"] if order else say("worker_stopped"))


def _fault(error: Exception) -> Fault:
    """A project that can't be started is its author's; what the network or the disk did is not."""
    if isinstance(error, BuildFailed):
        return error.fault
    return Fault.INFRA if isinstance(error, ApiError | OSError | TransferError) else Fault.USER
