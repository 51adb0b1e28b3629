"""The same script, as a fork of the launcher and as a fresh interpreter: nobody may be able to tell which is which."""

import json
import re
from typing import Any, Final

import pytest

from proteinx.contracts.jobs import Resources
from tests.worker.stub import StubJob, until
from tests.worker.warm.conftest import Pairs

_PORTRAIT: Final = """
import ctypes, gc, io, json, os, random, resource, signal, sys, tempfile, threading
here = {
    "environment": dict(os.environ), "cwd": os.getcwd(), "argv": sys.argv, "orig_argv": sys.orig_argv,
    "path": sys.path, "executable": sys.executable, "flags": repr(sys.flags), "umask": os.umask(0o077),
    "nice": os.nice(0), "session": os.getsid(0) == os.getpid() == os.getpgid(0),
    "limits": [resource.getrlimit(getattr(resource, name)) for name in dir(resource) if name.startswith("RLIMIT_")],
    "signals": {n: repr(signal.getsignal(n)) for n in signal.valid_signals()},
    "blocked": repr(signal.pthread_sigmask(signal.SIG_BLOCK, [])),
    "descriptors": sorted(os.listdir("/proc/self/fd"))[:-1], "input": sys.stdin.read(),
    "outputs": [[s.encoding, s.errors, s.line_buffering, s.write_through, s.mode] for s in (sys.stdout, sys.stderr)],
    "main": [__name__, __file__, __spec__, __package__, type(__loader__).__name__, __doc__, __builtins__.__name__],
    "variables": sorted(globals()), "ours": [n for n in sys.modules if n.split(".")[0] in ("worker", "proteinx")],
    "temporary": tempfile.gettempdir(), "collects": gc.isenabled(), "threads": threading.active_count(),
    "dumpable": ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), "name": open("/proc/self/comm").read(),
    "shown": open("/proc/self/cmdline", "rb").read().decode().strip("\\0").replace("\\0", " "),
    "shown_environment": sorted(x for x in open("/proc/self/environ").read().split("\\0") if x),
    "status": {l.split(":")[0]: l.split(":")[1].strip() for l in open("/proc/self/status")
        if l.startswith(("SigB", "SigI", "SigC", "SigP", "Cap", "NoNewPrivs", "Umask", "Threads", "Seccomp"))},
}
print(json.dumps(here))
import worker  # the project's own
print(worker.WHOSE)
"""

_NUMBERS: Final = """
import json, os, random, sys
import numpy, scipy.linalg, torch
from threadpoolctl import threadpool_info
seen = [numpy.random.rand(), random.random(), torch.rand(1).item()]
pools = sorted((p["internal_api"], os.path.basename(p["filepath"]), p["num_threads"]) for p in threadpool_info())
x = torch.rand(600, 600)
print(json.dumps({"torch": torch.get_num_threads(), "between": torch.get_num_interop_threads(), "pools": pools,
                  "works": float((x @ x).isfinite().all()), "cuda": torch.cuda.is_initialized(),
                  "bad fork": torch.cuda._is_in_bad_fork()}))
print("SEEN", json.dumps(seen))
folder = os.path.join(os.path.dirname(os.environ["HOME"]), "..", "..", "..", "launcher")
folder = os.path.normpath(folder)
remembered = [f"{n}.{k}" for n, m in list(sys.modules.items()) for k, v in list(getattr(m, "__dict__", {}).items())
              if isinstance(v, (str, os.PathLike)) and folder in str(v) and n != "__main__"]
print("REMEMBERED", remembered)
"""

SCRIPTS: Final[dict[str, str]] = {
    "code": "import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)",
    "text": "raise SystemExit('a last word')",
    "minus": "raise SystemExit(-1)",
    "error": "def f():\n    raise ValueError('蛋白质')\nprint('no newline', end='')\nf()",
    "syntax": "print('never')\nx = = 1",
    "interrupt": "raise KeyboardInterrupt",
    "signal": "import os; os.kill(os.getpid(), 11)",
    "hook": "import sys; sys.excepthook = lambda *a: print('hook', a[0].__name__); 1 / 0",
    "endings": (
        "import atexit, os, threading, time\n"
        "class Last:\n    def __del__(self): print('deleted')\n"
        "last = Last()\n"
        "atexit.register(print, 'at exit')\n"
        "threading.Thread(target=lambda: (time.sleep(0.2), print('thread'))).start()\n"
        "open_file = open(os.environ['PROTEINX_OUTPUT_DIR'] + '/open.txt', 'w'); open_file.write('kept')\n"
        "import mine; print('end')"
    ),
    "family": (
        "import multiprocessing, subprocess, sys\n"
        "def twice(x): return 2 * x\n"
        "if __name__ == '__main__':\n"
        "    with multiprocessing.get_context('spawn').Pool(1) as pool: print(pool.map(twice, [1, 2]))\n"
        "    with multiprocessing.get_context('fork').Pool(1) as pool: print(pool.map(twice, [3]))\n"
        "    print(subprocess.run([sys.executable, '-c', 'print(5)'], capture_output=True, text=True).stdout)"
    ),
}
_MINE: Final = (
    "import os\nleft = open(os.environ['PROTEINX_OUTPUT_DIR'] + '/module.txt', 'w')\nleft.write('also kept')\n"
)
_QUOTES: Final = """PYTHONPATH=../code/lib:. python main.py data.path='/a b/c' 'it'"'"'s' "d e" x=1"""


def test_everything_around_the_script_is_the_same(pairs: Pairs) -> None:
    project = {"lib/worker.py": "WHOSE = 'the project'\n"}
    warm, cold = pairs.run(_PORTRAIT, project=project, command=_QUOTES)
    seen, expected = (_portrait(job) for job in (warm, cold))
    for name in expected:
        assert seen[name] == expected[name], name
    assert seen["argv"] == ["main.py", "data.path=/a b/c", "it's", "d e", "x=1"]
    assert seen["environment"]["PASSED"] == "on" and "px_n_agent" not in warm.log.decode()
    assert warm.log.decode().splitlines()[-1] == "the project"


def test_numbers_are_drawn_anew_and_threads_are_as_asked(pairs: Pairs) -> None:
    asked = Resources(cpus=2, memory=0)
    warm, cold = pairs.run(_NUMBERS, resources=asked)
    again = pairs.master.job(_NUMBERS, resources=asked)
    until(lambda: again.finish)
    [first, *rest], [second, *_] = (job.log.decode().splitlines() for job in (warm, cold))
    assert json.loads(first) == json.loads(second)
    assert rest[0] != again.log.decode().splitlines()[1]
    assert rest[-1] == "REMEMBERED []"


@pytest.mark.parametrize("name", SCRIPTS)
def test_endings_are_the_same(pairs: Pairs, name: str) -> None:
    warm, cold = pairs.run(SCRIPTS[name], project={"mine.py": _MINE})
    for job in (warm, cold):
        assert job.finish is not None
        del job.finish["last_lines"], job.finish["detail"]  # the log has those lines, with paths of its own
    assert _plain(warm, warm.log.decode()) == _plain(cold, cold.log.decode())
    assert warm.finish == cold.finish
    assert warm.artifacts == cold.artifacts


def _portrait(job: StubJob) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_plain(job, job.log.decode().splitlines()[0]))
    caught = int(found["status"]["SigCgt"], 16)
    found["status"]["SigCgt"] = caught & ~(0b11 << 31)  # two signals are the C library's own, once there was a thread
    return found


def _plain(job: StubJob, text: str) -> str:
    """Without what is different for each job."""
    text = re.sub(r"127\.0\.0\.1:\d+", "<relay>", text).replace(job.spec.token, "<token>")
    text = re.sub(rf"{job.job_id}\.1\.0\.[0-9a-f]{{16}}", "<cookie>", text)
    return text.replace(job.job_id, "<job>")
