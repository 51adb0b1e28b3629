"""Turns a forked process into what `bash -c 'python script.py ...'` would have started.

Everything that a fresh interpreter would have, and a fork has not, is put right here: environment, signals,
descriptors, `sys`, modules, thread counts, seeds. What can't be put right makes a job cold, see `fitness`.
"""

import atexit
import builtins
import gc
import io
import logging
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
import types
from collections.abc import Callable, Mapping, Sequence
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import Any, Final, NoReturn

from worker import processes
from worker.warm.fitness import module_path
from worker.warm.memories import Memories
from worker.warm.plain import Plain
from worker.warm.title import Title

_LONGEST_PATH: Final = 4096
_OURS: Final = ("worker", "proteinx")
"""A project may have modules of these names."""


class Script:
    """What the launcher knows that its forks need."""

    def __init__(
        self, base: Sequence[str], title: Title, set_threads: Callable[[int], None], memories: Memories
    ) -> None:
        """`base`: the interpreter's own part of `sys.path`; `set_threads`: of every numeric library that is loaded."""
        self._base = list(base)
        self._title = title
        self._set_threads = set_threads
        self._memories = memories
        self._locale = {name: os.environ[name] for name in ("LC_CTYPE",) if name in os.environ}

    def has_room_for(self, plain: Plain, given: Mapping[str, str]) -> bool:
        """Asked before the fork, so somewhat strict: folder and interpreter are not known to the letter yet."""
        longest = {"PWD": "/" * _LONGEST_PATH, "_": "/" * _LONGEST_PATH}
        return self._title.has_room_for({**self._locale, **given, "PYTHONPATH": plain.python_path or "", **longest})

    def run(self, plain: Plain, given: Mapping[str, str]) -> NoReturn:
        """In the job's process, in its folder, with its output in place."""
        python = shutil.which(plain.python, path=given["PATH"]) or sys.executable
        environment = self._environment(plain, given, python)
        _close_descriptors()
        _reset_signals()
        os.environ.clear()
        os.environ.update(environment)
        self._title.show(plain.words, environment)
        processes.show()
        self._set_modules(plain, python)
        self._settle_libraries(environment)
        main = _main_module(plain.script)
        _leave(main, _execute(main))

    def _environment(self, plain: Plain, given: Mapping[str, str], python: str) -> dict[str, str]:
        """With what bash adds, and what Python adds in a locale without UTF-8."""
        added = {"PWD": str(Path.cwd()), "SHLVL": "0", "_": python}
        path = {} if plain.python_path is None else {"PYTHONPATH": plain.python_path}
        return {**self._locale, **given, **path, **added}

    def _set_modules(self, plain: Plain, python: str) -> None:
        for name in [name for name in sys.modules if name.partition(".")[0] in _OURS]:
            del sys.modules[name]
        own, *given = module_path(plain, Path.cwd())
        sys.path[:] = [own, *dict.fromkeys([*given, *self._base])]
        sys.argv[:] = [plain.script, *plain.arguments]
        sys.orig_argv[:] = plain.words
        sys.executable = python

    def _settle_libraries(self, environment: Mapping[str, str]) -> None:
        time.tzset()
        tempfile.tempdir = None
        self._memories.move_to(environment)
        logging._startTime = time.time()  # type: ignore[attr-defined]  # since when `relativeCreated` counts
        _seed_anew()
        self._set_threads(int(environment.get("OMP_NUM_THREADS", "1")))
        gc.enable()


def _seed_anew() -> None:
    """Else every fork would draw the same numbers; `random` sees to itself."""
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    if "torch" in sys.modules:
        sys.modules["torch"].default_generator.seed()


def _close_descriptors() -> None:
    """All but input and outputs. Whoever had the others open is further down this stack and never goes on."""
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208  names are all it has
        if int(name) > 2:
            try:
                os.close(int(name))
            except OSError:
                continue  # the listing's own


def _reset_signals() -> None:
    """As Python sets them when it starts."""
    for number in (signal.SIGTERM, signal.SIGUSR1, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)


def _main_module(script: str) -> types.ModuleType:
    path = os.path.abspath(script)  # noqa: PTH100  as the interpreter does it: links stay
    main = types.ModuleType("__main__")
    loader = SourceFileLoader("__main__", path)
    vars(main).update(__file__=path, __annotations__={}, __builtins__=builtins, __cached__=None, __loader__=loader)
    sys.modules["__main__"] = main
    return main


def _execute(main: types.ModuleType) -> int | signal.Signals:
    """The exit code, or the signal to end by."""
    path = str(main.__file__)
    try:
        with io.open_code(path) as file:
            code = compile(file.read(), path, "exec", dont_inherit=True)
        exec(code, main.__dict__)  # noqa: S102  this is what `python script.py` does
    except SystemExit as request:
        return _exit_code(request.code)
    except BaseException as error:
        own = error.__traceback__
        shown = error.with_traceback(own.tb_next if own is not None else None)
        sys.excepthook(type(shown), shown, shown.__traceback__)
        return signal.SIGINT if isinstance(error, KeyboardInterrupt) else 1
    return 0


def _exit_code(value: Any) -> int:
    if value is None:
        return 0
    if isinstance(value, int):
        return value & 0xFF
    print(value, file=sys.stderr)
    return 1


def _leave(main: types.ModuleType, end: int | signal.Signals) -> NoReturn:
    """Does what the interpreter does at its end, but for taking its modules apart one by one."""
    threading._shutdown()  # type: ignore[attr-defined]  # waits for threads that are no daemons
    atexit._run_exitfuncs()
    code = end if isinstance(end, int) else 128 + end
    if not _flush_outputs():
        code = 120  # what the interpreter says then
    main.__dict__.clear()
    gc.collect()  # cheap: what the launcher had is frozen
    _flush_open_files()
    if isinstance(end, signal.Signals):
        signal.signal(end, signal.SIG_DFL)
        os.kill(os.getpid(), end)
    os._exit(code)


def _flush_outputs() -> bool:
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError, AttributeError):
        return False
    return True


def _flush_open_files() -> None:
    """A file that is never closed is written out when the interpreter takes its owner apart."""
    for found in gc.get_objects():
        if isinstance(found, io.TextIOWrapper | io.BufferedWriter | io.BufferedRandom) and not found.closed:
            try:
                found.flush()
            except (OSError, ValueError) as error:
                print(f"Exception ignored in: {found!r}\n{type(error).__name__}: {error}", file=sys.stderr)
