"""The launcher's life: import, say that it is ready, then fork a supervisor for each attempt that the agent names.

It holds no credential: its environment is what every job gets, and it reads no file of any attempt; only the forked
supervisor does.
"""

import gc
import importlib
import json
import os
import resource
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NoReturn

from worker import processes, supervisor
from worker.launch import Launch
from worker.layout import AttemptDir
from worker.warm.fitness import why_cold
from worker.warm.memories import Memories
from worker.warm.plain import Plain, parse
from worker.warm.script import Script
from worker.warm.title import Title

_MESSAGE_BYTES: Final = 65536
_NOT_SHADOWED: Final = frozenset({"__main__", "__mp_main__", "worker", "proteinx"})


def main(base: Sequence[str], descriptor: int, modules: Sequence[str]) -> None:
    """Returns when the agent is gone."""
    title = Title.own()
    processes.hide()
    gc.disable()
    began = time.monotonic()
    importlib.import_module("worker.supervision")  # what a supervisor loads late, it has here
    missing = _import(modules)
    warm = Warm(Script(base, title, _thread_setter(), Memories(os.environ)))
    gc.collect()
    gc.freeze()
    title.show(["proteinx-launcher", *modules], os.environ)
    with socket.socket(fileno=descriptor) as control:
        control.set_inheritable(False)
        ready = {
            "ready": True,
            "missing": missing,
            "seconds": round(time.monotonic() - began, 2),
            "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            "threads": threading.active_count(),  # of Python's; an allocator's own sees to forks itself
        }
        control.send(json.dumps(ready).encode())
        _serve(control, warm, title)


class Warm:
    """What a forked supervisor has: the way to start its job by fork."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._loaded = frozenset(name.partition(".")[0] for name in sys.modules) - _NOT_SHADOWED

    def fork_for(self, prepared: Launch, environment: Mapping[str, str]) -> "Fork | str":
        plain = parse(prepared.command)
        if plain is None:
            return "its command is more than `python script.py`"
        if not self._script.has_room_for(plain, environment):
            return "its environment is too large"
        torch = sys.modules.get("torch")
        if torch is not None and torch.cuda._is_in_bad_fork():
            return "a library has touched CUDA in the launcher; leave it out of PROTEINX_WORKER_WARM_MODULES"
        return why_cold(plain, Path(prepared.folder), self._loaded) or Fork(self._script, plain)


@dataclass(frozen=True, slots=True)
class Fork:
    script: Script
    plain: Plain

    def run(self, environment: Mapping[str, str]) -> NoReturn:
        self.script.run(self.plain, environment)


def _import(modules: Sequence[str]) -> dict[str, str]:
    """What could not be imported, and why. A worker without torch has a launcher all the same."""
    missing = {}
    for name in filter(None, modules):
        try:
            importlib.import_module(name)
        except Exception as error:  # a library that is broken here must not take the launcher away from the others
            missing[name] = f"{type(error).__name__}: {error}"
    return missing


def _thread_setter() -> Callable[[int], None]:
    """Sets what OMP_NUM_THREADS would have set while the libraries were loaded. It starts no thread."""
    try:
        from threadpoolctl import ThreadpoolController
    except ImportError:
        return _set_torch_threads
    pools = ThreadpoolController()

    def set_threads(number: int) -> None:
        pools.limit(limits=number)
        _set_torch_threads(number)

    return set_threads


def _set_torch_threads(number: int) -> None:
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.set_num_threads(number)


@dataclass(frozen=True, slots=True)
class Spare:
    """A fork that waits to hear which attempt it is the supervisor of, so that no attempt waits for a fork."""

    pid: int
    ticks: int
    telling: int
    """The end of a pipe to write the attempt's folder to; closed without a word, it ends."""

    def send(self, attempt: str) -> None:
        os.write(self.telling, attempt.encode())
        os.close(self.telling)


def _serve(control: socket.socket, warm: Warm, title: Title) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # supervisors leave no zombies, and need nobody
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    spare = _fork_spare(control, warm, title)
    while message := control.recv(_MESSAGE_BYTES):
        asked: dict[str, Any] = json.loads(message)
        if not processes.alive(spare.pid, spare.ticks):
            os.close(spare.telling)
            spare = _fork_spare(control, warm, title)
        spare.send(asked["attempt"])
        control.send(json.dumps({"pid": spare.pid, "ticks": spare.ticks}).encode())
        spare = _fork_spare(control, warm, title)


def _fork_spare(control: socket.socket, warm: Warm, title: Title) -> Spare:
    hearing, telling = os.pipe()
    pid = os.fork()
    if pid == 0:
        control.close()
        os.close(telling)
        attempt = os.read(hearing, _MESSAGE_BYTES).decode()
        os.close(hearing)
        if not attempt:
            os._exit(0)  # the launcher is gone
        title.show(["python", "-m", "worker.supervisor", attempt], os.environ)  # how others find it
        _supervise(attempt, warm)
    os.close(hearing)
    process = processes.look(pid)
    return Spare(pid, process.ticks if process else 0, telling)


def _supervise(attempt: str, warm: Warm) -> NoReturn:
    """The forked child's whole life: the supervisor of one attempt, as `python -m worker.supervisor` is."""
    code = 1
    try:
        os.setsid()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        diary = os.open(AttemptDir(Path(attempt)).diary, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        for number in (1, 2):
            os.dup2(diary, number)
        gc.enable()
        code = supervisor.main([attempt], warm)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)
