"""The agent's side of the launcher: keeps one alive, has it fork supervisors, and says why it can't where it can't."""

import json
import logging
import os
import shutil
import site
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from proteinx.client.retry import Retry
from worker import processes
from worker.environment import passed_on
from worker.layout import AttemptDir, StateDir, read_json
from worker.settings import REPOSITORY, WorkerSettings
from worker.warm.title import ARGUMENT_BYTES, ENVIRONMENT_BYTES, PADDING

_START_SECONDS: Final = 180.0
"""For the imports, on a machine that is busy or reads its disk for the first time."""
_ANSWER_SECONDS: Final = 5.0
_LOOK_SECONDS: Final = 1.0
_MESSAGE_BYTES: Final = 65536
log = logging.getLogger(__name__)


class Forked:
    """A process that is no child of ours."""

    def __init__(self, pid: int, ticks: int) -> None:
        self.pid = pid
        self._ticks = ticks

    def poll(self) -> int | None:
        """None while it lives, else 0: how it ended, its folder tells."""
        return None if processes.alive(self.pid, self._ticks) else 0


class Keeper:
    """Of one launcher process."""

    def __init__(
        self, state: StateDir, settings: WorkerSettings, backoff: Retry, *, name: str, modules: Sequence[str]
    ) -> None:
        self._folder = state.root / name.replace(" ", "-")
        self._name = name
        self._modules = modules
        self._settings = settings
        self._backoff = backoff
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._stopped = threading.Event()
        self.trouble = "it is still loading"
        """Why there is no warm start now; empty while there is."""

    def supervise(self, directory: AttemptDir) -> Forked | None:
        """A supervisor for this attempt, forked by the launcher; None, with a line in the log, where that fails."""
        with self._lock:
            if self._control is not None:
                try:
                    return self._ask(self._control, directory)
                except (OSError, ValueError, KeyError) as error:
                    self._discard(f"it did not answer ({type(error).__name__})")
            trouble = self.trouble
        log.info("%s starts without the %s: %s", directory.key, self._name, trouble, extra={"action": "cold_start"})
        return None

    def run(self) -> None:
        """Keeps a launcher until stopped: a new one when it died, or when packages were changed."""
        delays = self._backoff.delays()
        while not self._stopped.is_set():
            installed = _installed()
            trouble = self._start()
            if not trouble:
                delays = self._backoff.delays()
                trouble = self._watch(installed)
            with self._lock:
                self._discard(trouble)
            if not self._stopped.is_set() and installed == _installed():
                delay = next(delays)
                log.warning(
                    "the %s: %s; another in %.1f s", self._name, trouble, delay, extra={"action": "launcher_died"}
                )
                self._stopped.wait(delay)

    def stop(self) -> None:
        self._stopped.set()

    def _ask(self, control: socket.socket, directory: AttemptDir) -> Forked:
        control.send(json.dumps({"attempt": str(directory.root)}).encode())
        reply: dict[str, Any] = json.loads(control.recv(_MESSAGE_BYTES) or b"null") or {}
        return Forked(reply["pid"], reply["ticks"])

    def _start(self) -> str:
        """What went wrong; empty once it is ready."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            with theirs:
                self._spawn(theirs)
        except OSError as error:  # a full disk, too many processes
            ours.close()
            return f"it could not be started: {error}"
        return "" if self._wait_until_ready(ours) else f"it did not load; see {self._folder / 'launcher.log'}"

    def _spawn(self, theirs: socket.socket) -> None:
        for name in ("home", "tmp"):
            shutil.rmtree(self._folder / name, ignore_errors=True)
            (self._folder / name).mkdir(parents=True, mode=0o700)
        arguments = [str(theirs.fileno()), ",".join(self._modules), "-" * ARGUMENT_BYTES]
        with (self._folder / "launcher.log").open("wb") as diary:
            process = subprocess.Popen(
                [sys.executable, str(REPOSITORY / "worker" / "warm" / "start.py"), *arguments],
                cwd=REPOSITORY,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=diary,
                stderr=diary,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        with self._lock:
            self._process = process

    def _wait_until_ready(self, control: socket.socket) -> bool:
        deadline = _START_SECONDS
        control.settimeout(_LOOK_SECONDS)
        while deadline > 0 and not self._stopped.is_set():
            try:
                ready: dict[str, Any] = json.loads(control.recv(_MESSAGE_BYTES) or b"{}")
                break
            except TimeoutError:
                deadline -= _LOOK_SECONDS
        else:
            ready = {}
        if not ready:
            control.close()
            return False
        control.settimeout(_ANSWER_SECONDS)
        with self._lock:
            self._control, self.trouble = control, ""
        for name, problem in ready["missing"].items():
            log.info("the %s has no %s: %s", self._name, name, problem, extra={"action": "launcher_lacks"})
        if ready["threads"] > 1:
            told = "the %s has %d threads, which no fork has: leave the library that starts them out of it"
            log.warning(told, self._name, ready["threads"], extra={"action": "launcher_threads"})
        log.info(
            "the %s is ready after %.1f s, with %d MB",
            self._name,
            ready["seconds"],
            ready["megabytes"],
            extra={"action": "launcher_ready"},
        )
        return True

    def _watch(self, installed: Mapping[str, int]) -> str:
        """Returns why this launcher is of no use any more."""
        while not self._stopped.wait(_LOOK_SECONDS):
            with self._lock:
                if self._control is None:
                    return self.trouble
                if self._process is not None and self._process.poll() is not None:
                    return f"it ended with {self._process.returncode}"
            if installed != _installed():
                log.info("packages were changed: the %s starts anew", self._name, extra={"action": "launcher_outdated"})
                while not self._stopped.wait(_LOOK_SECONDS) and installed != (installed := _installed()):
                    continue  # whoever installs is at it still
                return "packages were changed, and it is loading again"
        return "the agent stops"

    def _discard(self, trouble: str) -> None:
        self.trouble = trouble
        control, self._control = self._control, None
        if control is not None:
            control.close()
        process, self._process = self._process, None
        if process is not None:
            process.kill()  # it holds nothing: the supervisors that it forked go on
            process.wait()

    def _environment(self) -> dict[str, str]:
        """What every job of this worker has in its own; the padding first, where the jobs' take its place."""
        own = {
            "HOME": str(self._folder / "home"),
            "TMPDIR": str(self._folder / "tmp"),
            "OMP_NUM_THREADS": "1",
            "MKL_NUM_THREADS": "1",
            # asked while libraries load, CUDA itself would be of no use to any fork
            "PYTORCH_NVML_BASED_CUDA_CHECK": "1",
        }
        return {PADDING: "-" * ENVIRONMENT_BYTES} | passed_on(self._settings) | own


def _installed() -> dict[str, int]:
    """Changes whenever a package is installed or removed: each has a folder of its own beside it."""
    folders = [*site.getsitepackages(), str(Path(sys.prefix) / "pyvenv.cfg"), str(Path(sys.prefix) / "conda-meta")]
    return {folder: os.stat(folder).st_mtime_ns for folder in folders if os.path.exists(folder)}  # noqa: PTH110, PTH116


class Launchers:
    """The two of a worker: one has nothing but Python and what a supervisor needs, the other the libraries too.

    A fork's cost grows with its parent's memory, so only who needs the libraries is forked from the large one.
    """

    def __init__(self, state: StateDir, settings: WorkerSettings, backoff: Retry) -> None:
        self.small = Keeper(state, settings, backoff, name="small launcher", modules=[])
        self.large = Keeper(state, settings, backoff, name="launcher", modules=settings.warm_modules)

    def supervise(self, directory: AttemptDir) -> Forked | None:
        """None, with a line in the log, where none of them can."""
        prepared = read_json(directory.launch)
        wanted = self.large if prepared is not None and prepared["libraries"] else self.small
        return wanted.supervise(directory) or (self.small.supervise(directory) if wanted is self.large else None)
