"""Has configs composed in another process: a warm one where there is fork, else a new one for each."""

import json
import os
import select
import subprocess
import threading
import time
from collections.abc import Mapping
from typing import Any, Final

from app.limited import Limits, TimeoutExpiredError, python_command, run_python
from app.settings import REPOSITORY

_COMMAND: Final = ("-P", "-s", "-m", "app.projects.composer")
_ENVIRONMENT: Final = {"PYTHONPATH": os.pathsep.join(str(REPOSITORY / part) for part in ("platform", "src"))}
_START_SECONDS: Final = 10.0


def compose(request: Mapping[str, Any], limits: Limits) -> bytes:
    """The child's JSON, or what it wrote before it failed. Raises TimeoutExpiredError."""
    if hasattr(os, "fork") and _warm.lock.acquire(blocking=False):
        try:
            return _warm.compose(request, limits)
        except BrokenPipeError:
            pass  # it was ended from outside: a new process answers this one, and the next request warms a new one
        finally:
            _warm.lock.release()
    done = run_python(_COMMAND, limits, input=json.dumps(request).encode(), environment=_ENVIRONMENT)
    return done.stdout if done.returncode == 0 else done.stderr


class _Warm:
    """One server process, started at first use; it ends by itself when this process does. Hold `lock` to use it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def compose(self, request: Mapping[str, Any], limits: Limits) -> bytes:
        """Raises TimeoutExpiredError, BrokenPipeError if the server is dead."""
        process = self._running()
        asked = {"seconds": limits.seconds, "memory": limits.memory, "request": request}
        assert process.stdin is not None  # noqa: S101  it has pipes
        try:
            process.stdin.write(json.dumps(asked).encode() + b"\n")
            process.stdin.flush()
            reply: dict[str, Any] = json.loads(self._line(process, limits.seconds + _START_SECONDS))
        except (OSError, ValueError) as error:
            self._end()
            raise BrokenPipeError from error
        if reply.get("timeout"):
            raise TimeoutExpiredError(f"it took longer than {limits.seconds:.0f} s")
        if "failed" in reply:
            return f"the composing process ended with {reply['failed']}".encode()
        return str(reply["answer"]).encode()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._process = subprocess.Popen(
                **python_command([*_COMMAND, "--serve"], _ENVIRONMENT),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                start_new_session=True,
            )
        return self._process

    def _line(self, process: subprocess.Popen[bytes], seconds: float) -> bytes:
        assert process.stdout is not None  # noqa: S101  it has pipes
        deadline, line = time.monotonic() + seconds, bytearray()
        while not line.endswith(b"\n"):
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([process.stdout], [], [], left)[0]:
                raise BrokenPipeError
            chunk = os.read(process.stdout.fileno(), 65536)
            if not chunk:
                raise BrokenPipeError
            line += chunk
        return bytes(line)

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


_warm = _Warm()
