"""A server that the master runs as its child: started, watched, started again when it dies, ended with its children."""

import contextlib
import json
import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import psutil

log = logging.getLogger(__name__)

FIRST_BACKOFF: Final = 0.5
LONGEST_BACKOFF: Final = 30.0
STABLE_AFTER: Final = 60.0
"""A child that lived so long starts its backoff anew."""
_KILL: Final = getattr(signal, "SIGKILL", signal.SIGTERM)


class ChildProcess:
    """One child in its own session. Its pid and start time are kept in `<state>/run/<name>.json`, so that a master
    that was killed and starts again ends what it left behind instead of running it twice.
    """

    def __init__(
        self,
        name: str,
        state: Path,
        command: Callable[[], Sequence[str]],
        *,
        env: Callable[[], Mapping[str, str]] | None = None,
        cwd: Path | None = None,
        first_backoff: float = FIRST_BACKOFF,
    ) -> None:
        """`command`, then `env`, are asked at each start. `env` is the whole environment; None = the master's own."""
        self.name = name
        self.log_path = state / "logs" / f"{name}.log"
        self._record = state / "run" / f"{name}.json"
        self._command = command
        self._env = env
        self._cwd = cwd
        self._first_backoff = first_backoff
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._watcher: threading.Thread | None = None

    @property
    def pid(self) -> int | None:
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    @property
    def alive(self) -> bool:
        return self.pid is not None

    def start(self) -> None:
        """Returns as soon as the child runs; whether it is ready is for its owner to ask.

        Raises RuntimeError if another live master runs this child already.
        """
        self._end_stale()
        self._stopping.clear()
        self._spawn()
        self._watcher = threading.Thread(target=self._watch, name=f"watch-{self.name}", daemon=True)
        self._watcher.start()

    def stop(self, grace: float = 5.0) -> None:
        """TERM to the child's whole group, KILL to what is left after `grace` seconds."""
        self._stopping.set()
        with self._lock:
            process, self._process = self._process, None
        if process is not None:
            end_tree(process.pid, grace)
            process.wait()
        if self._watcher is not None:
            self._watcher.join()
        self._record.unlink(missing_ok=True)

    def _spawn(self) -> None:
        with self._lock:
            if self._stopping.is_set():
                return
            self.log_path.parent.mkdir(parents=True, exist_ok=True)
            with self.log_path.open("ab") as output:
                command = list(self._command())
                self._process = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    env=dict(self._env()) if self._env else None,
                    cwd=self._cwd,
                    start_new_session=True,
                )
            self._write_record(self._process.pid)
            log.info("started %s as process %s", self.name, self._process.pid)

    def _watch(self) -> None:
        backoff = self._first_backoff
        while (process := self._process) is not None and not self._stopping.is_set():
            began = time.monotonic()
            code = process.wait()
            if self._stopping.is_set():
                return
            _signal_group(process.pid, _KILL)  # what it may have left in its session
            backoff = self._first_backoff if time.monotonic() - began > STABLE_AFTER else backoff
            log.error("%s ended with code %s; starting it again in %.1f s", self.name, code, backoff)
            if self._stopping.wait(backoff):
                return
            backoff = min(backoff * 2, LONGEST_BACKOFF)
            self._spawn()

    def _write_record(self, pid: int) -> None:
        self._record.parent.mkdir(parents=True, exist_ok=True)
        part = self._record.with_suffix(".part")
        part.write_text(json.dumps({"child": identify(pid), "master": identify(os.getpid())}))
        part.replace(self._record)

    def _end_stale(self) -> None:
        if not self._record.exists():
            return
        record: dict[str, str | None] = json.loads(self._record.read_text())
        master, child = record["master"], record["child"]
        if master and is_alive(master) and master != identify(os.getpid()):
            raise RuntimeError(f"another master (process {master.split(':')[0]}) uses this state folder; stop it first")
        if child and is_alive(child):
            log.warning("ending the %s that an earlier master left behind", self.name)
            end_tree(int(child.split(":")[0]), 5.0)
        self._record.unlink()


def identify(pid: int) -> str | None:
    """`pid:start`: names a process also after its number was given to another one. None if there is none.

    Where there is /proc, `start` is boot id and clock ticks since boot, which a change of the clock leaves alone.
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        try:
            return f"{pid}:{psutil.Process(pid).create_time():.2f}"
        except psutil.NoSuchProcess:
            return None
    return f"{pid}:{boot}.{fields[19]}"


def is_alive(identity: str) -> bool:
    pid = int(identity.split(":", maxsplit=1)[0])
    if identify(pid) != identity:
        return False
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def end_tree(pid: int, grace: float) -> None:
    """TERM, then KILL, to a process, its descendants, and its process group where there are such."""
    tree = _tree(pid)
    _signal(tree, pid, signal.SIGTERM)
    if tree and grace:
        psutil.wait_procs(tree, timeout=grace)
    _signal([*tree, *_tree(pid)], pid, _KILL)


def _tree(pid: int) -> list[psutil.Process]:
    try:
        root = psutil.Process(pid)
        return [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _signal(tree: Sequence[psutil.Process], group: int, number: int) -> None:
    _signal_group(group, number)
    for process in tree:
        with contextlib.suppress(psutil.NoSuchProcess):  # gone meanwhile, which is what is wanted
            process.send_signal(number)


def _signal_group(group: int, number: int) -> None:
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError):  # an empty group
            os.killpg(group, number)
