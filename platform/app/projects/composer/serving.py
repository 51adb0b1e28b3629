"""A process that has Hydra loaded and forks a child for each request: the child starts in a few milliseconds.

It has one thread and opens no snapshot itself, so nothing of one request is there for the next.
"""

import json
import os
import resource
import select
import signal
import tempfile
import time
import traceback
from collections.abc import Mapping
from typing import Any, BinaryIO, NoReturn

from hydra import initialize_config_dir
from hydra.core.override_parser.overrides_parser import OverridesParser

from app.projects.composer.answering import answer


def serve(requests: BinaryIO, replies: BinaryIO) -> None:
    """Lines of JSON in and out, until the requests end: the master is gone then."""
    _warm_up()
    for line in requests:
        asked = json.loads(line)
        replies.write(json.dumps(_in_a_child(asked)).encode() + b"\n")
        replies.flush()


def _warm_up() -> None:
    """Loads what Hydra loads late: its plugins and its grammar."""
    with tempfile.TemporaryDirectory() as folder, initialize_config_dir(config_dir=folder, version_base="1.3"):
        OverridesParser.create().parse_override("key=value")


def _in_a_child(asked: Mapping[str, Any]) -> dict[str, Any]:
    """`answer`, `timeout`, or the signal or code that the child `failed` with."""
    receiving, sending = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(receiving)
        _run(asked, sending)
    os.close(sending)
    try:
        text = _read(receiving, time.monotonic() + asked["seconds"])
        if text is None:
            os.kill(child, signal.SIGKILL)
    finally:
        os.close(receiving)
        _, status = os.waitpid(child, 0)
    if text is None:
        return {"timeout": True}
    code = os.waitstatus_to_exitcode(status)
    return {"answer": text.decode()} if code == 0 else {"failed": code}


def _run(asked: Mapping[str, Any], sending: int) -> NoReturn:
    """The child's whole life."""
    code = 1
    try:
        seconds = int(asked["seconds"]) + 1
        resource.setrlimit(resource.RLIMIT_AS, (asked["memory"], asked["memory"]))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        with os.fdopen(sending, "wb") as out:
            out.write(answer(asked["request"]))
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def _read(receiving: int, deadline: float) -> bytes | None:
    """All that comes until the child closes its end; None once the time is over."""
    chunks: list[bytes] = []
    while (left := deadline - time.monotonic()) > 0:
        if not select.select([receiving], [], [], left)[0]:
            return None
        chunk = os.read(receiving, 65536)
        if not chunk:
            return b"".join(chunks)
        chunks.append(chunk)
    return None
