"""The MLflow tracking server as the master's child, on loopback.

It is started by uvicorn on MLflow's own application rather than by `mlflow server`: see
docs/decisions/0009 for what that saves, and what it rests on.
"""

import os
import secrets
import sqlite3
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from app.ports import HeldPort
from app.processes import ChildProcess
from app.settings import REPOSITORY, Settings
from app.tracking.key import HEADER, VARIABLE

HOST: Final = "127.0.0.1"
PREFIX: Final = "/mlflow"
_INHERITED: Final = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")
"""What the child gets of the master's environment: none of its secrets."""


@dataclass(frozen=True, slots=True)
class Upstream:
    """Where MLflow is, and the headers that it wants."""

    url: str
    headers: Mapping[str, str]


class MlflowServer:
    """Starts once the workdir is known, and again on another one. With `PROTEINX_MLFLOW_URL` there is no child."""

    def __init__(self, settings: Settings, workdir: Callable[[], Path | None]) -> None:
        self._settings = settings
        self._workdir = workdir
        self._key = secrets.token_hex(32)
        self._port = 0
        self._held: HeldPort | None = None
        self._artifacts: Path | None = None
        self._lock = threading.Lock()
        self._child = ChildProcess("mlflow", settings.state, self._command, env=self._environment, cwd=settings.state)

    @property
    def upstream(self) -> Upstream | None:
        """None while there is no workdir, so no server."""
        if self._settings.mlflow_url:
            return Upstream(self._settings.mlflow_url.rstrip("/"), {})
        if self._artifacts is None or not self._port:
            return None
        return Upstream(f"http://{HOST}:{self._port}", {HEADER: self._key})

    def start(self) -> None:
        """Starts the child unless it runs on this workdir already, or there is no workdir yet. Returns at once."""
        path = self._workdir()
        if self._settings.mlflow_url or path is None:
            return
        with self._lock:
            if self._artifacts == path / "artifacts":
                return
            if self._artifacts is not None:
                self._child.stop()
            self._artifacts = path / "artifacts"
            self._prepare_database()
            self._child.start()

    @property
    def _database(self) -> Path:
        return self._settings.state / "mlflow.db"

    def _prepare_database(self) -> None:
        """Turns the write-ahead log on, which stays on: logging one metric then takes half the time or less."""
        with closing(sqlite3.connect(self._database)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")

    def stop(self) -> None:
        with self._lock:
            if self._artifacts is not None:
                self._child.stop()
            self._artifacts = None

    def health(self) -> str:
        """`ok`, or what is wrong in a few words."""
        upstream = self.upstream
        if upstream is None:
            return "not set"
        try:
            reply = httpx.get(f"{upstream.url}{PREFIX}/health", headers=upstream.headers, timeout=1.0, trust_env=False)
        except httpx.TransportError:
            return "does not answer" if self._settings.mlflow_url or not self._child.alive else "starting"
        return "ok" if reply.status_code == 200 else f"answers {reply.status_code}"

    def _command(self) -> Sequence[str]:
        if self._held is not None:
            self._held.release()
        self._held = HeldPort()
        self._port = self._held.port
        app_dir = str(REPOSITORY / "platform")
        return (
            *(sys.executable, "-m", "uvicorn", "app.tracking.mlflow_app:app", "--app-dir", app_dir),
            *("--host", HOST, "--port", str(self._port), "--workers", "1", "--no-access-log", "--no-server-header"),
        )

    def _environment(self) -> Mapping[str, str]:
        own = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        return own | {
            VARIABLE: self._key,
            "_MLFLOW_SERVER_FILE_STORE": f"sqlite:///{self._database}",
            "_MLFLOW_SERVER_ARTIFACT_ROOT": "mlflow-artifacts:/",
            "_MLFLOW_SERVER_ARTIFACT_DESTINATION": str(self._artifacts),
            "_MLFLOW_SERVER_SERVE_ARTIFACTS": "true",
            "_MLFLOW_STATIC_PREFIX": PREFIX,
            "_MLFLOW_SGI_NAME": "uvicorn",
            "_MLFLOW_IN_JOB_EXECUTOR": "false",
            "MLFLOW_SERVER_ALLOWED_HOSTS": f"{HOST}:{self._port}",
            "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
            "MLFLOW_DISABLE_TELEMETRY": "true",
            "MLFLOW_CREATE_MODEL_VERSION_SOURCE_VALIDATION_REGEX": r"^(mlflow-artifacts:/|models:/|runs:/).*",
            "PYTHONPATH": str(REPOSITORY / "src"),
        }
