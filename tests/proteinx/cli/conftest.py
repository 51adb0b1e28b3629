"""The real system as `px up` starts it, on a home of its own, and `px` as people call it."""

import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from proteinx.cli.app import run
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[3]
PASSWORD = "correct horse battery"


class Px:
    """Calls `px` with a home, a config folder and a working folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder / "home"
        paths = [str(ROOT / "src"), str(ROOT / "platform"), str(ROOT)]
        unwanted = ("PROTEINX_", "MLFLOW_", "MASTER_URL", "REDIS_URL")
        self.environment = {key: value for key, value in os.environ.items() if not key.startswith(unwanted)} | {
            "PYTHONPATH": os.pathsep.join(paths),
            "PROTEINX_HOME": str(self.home),
            "PROTEINX_CONFIG_DIR": str(folder / "config"),
            "PROTEINX_WORKER_WARM_MODULES": "[]",  # a launcher all the same, in a second instead of five
        }
        self.url = ""

    def start(self, *arguments: str, **options: Any) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "proteinx.cli", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.PIPE,
            text=True,
            cwd=self.folder,
            env=self.environment,
            **options,
        )

    def __call__(self, *arguments: str, given: str = "", code: int = 0) -> tuple[str, str]:
        """Standard output and error; fails unless the exit code is `code`. In this process, which is quicker."""
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
        with (
            mock.patch.dict(os.environ, self.environment, clear=True),
            contextlib.chdir(self.folder),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
            mock.patch.object(sys, "stdin", io.StringIO(given)),
        ):
            ended = run(arguments)
        texts = []
        for stream in (out, err):
            stream.flush()
            texts.append(stream.buffer.getvalue().decode())
        assert ended == code, f"px {' '.join(arguments)} ended with {ended}\n{texts[0]}\n{texts[1]}"
        return texts[0], texts[1]

    def in_a_process(self, *arguments: str) -> tuple[str, str]:
        """For commands whose children write to the same output."""
        process = self.start(*arguments)
        out, err = process.communicate(timeout=300)
        assert process.returncode == 0, err
        return out, err

    def json(self, *arguments: str, code: int = 0) -> Any:
        out, err = self(*arguments, "--json", code=code)
        try:
            return json.loads(out)
        except ValueError:
            raise AssertionError(f"no JSON: {out}\n{err}") from None

    def log(self, name: str) -> str:
        path = self.home / "log" / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""


@pytest.fixture(scope="module")
def px(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Px]:
    """A running system with an admin who is signed in."""
    px = Px(tmp_path_factory.mktemp("px 系统"))
    try:
        started = px.json("up", "--no-portal", "--port", str(free_port()))
        px.url = started["url"]
        setup = ["login", px.url, "--setup-token", started["setup_token"], "--name", "ana", "--password-stdin"]
        px(*setup, given=f"{PASSWORD}\n")
        yield px
    finally:
        px("down", "--stop-jobs")
