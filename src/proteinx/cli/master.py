"""The master on this machine: starts it in the background and talks to its offline half."""

import json
import os
import signal
import socket
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx

from proteinx.cli.checkout import configured
from proteinx.cli.exits import CommandError, Exit
from proteinx.cli.processes import Processes, Record, environment, python, wait_until_up
from proteinx.contracts.system import Health

NAME: Final = "master"
STOP_SECONDS: Final = 30.0
START_SECONDS: Final = 90.0


@dataclass(frozen=True, slots=True)
class Address:
    host: str = "127.0.0.1"
    port: int = 8000

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


class Master:
    """The master whose state lies in `home`, run from the source tree `root`."""

    def __init__(self, root: Path, home: Path) -> None:
        self.root = root
        self.home = home
        self.processes = Processes(home)

    @property
    def state(self) -> Path:
        chosen = configured("PROTEINX_STATE_DIR")
        return Path(chosen) if chosen else self.home / "state"

    def running(self) -> Record | None:
        return self.processes.find(NAME)

    def start(self, address: Address) -> Record:
        """Returns when the API answers and no part of it is still starting.

        Raises CommandError, also for a port that is taken.
        """
        require_free(address)
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        is_open = address.host not in ("127.0.0.1", "localhost", "::1")
        command = python("-m", "uvicorn", "app.main:app", "--app-dir", str(self.root / "platform"))
        command += ["--host", address.host, "--port", str(address.port), "--no-access-log"]
        record = self.processes.start(
            NAME,
            command,
            cwd=self.root,
            env=self._environment(
                PROTEINX_REDIS_BIND=address.host if is_open else configured("PROTEINX_REDIS_BIND"),
                PROTEINX_PUBLIC_URL=configured("PROTEINX_PUBLIC_URL") or (address.url if is_open else None),
            ),
            facts={"url": address.url},
        )
        wait_until_up(record, lambda: _is_ready(health(address.url)), START_SECONDS)
        return record

    def stop(self) -> bool:
        return self.processes.stop(NAME, grace=STOP_SECONDS, with_children=True, kill_signal=signal.SIGTERM)

    def setup_token(self) -> str | None:
        """The one-time token, while there is no admin."""
        path = self.state / "setup-token"
        return path.read_text().strip() if path.exists() else None

    def offline(self, *arguments: str, given: str = "") -> Any:
        """Runs `python -m app.admin` on the master's database; `given` is its standard input. Returns its JSON."""
        answer = subprocess.run(
            python("-m", "app.admin", *arguments),
            cwd=self.root,
            env=self._environment(PYTHONPATH=_joined(self.root / "platform", self.root / "src")),
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )
        if answer.returncode:
            lines: Sequence[str] = answer.stderr.strip().splitlines() or ["no reason given"]
            raise CommandError(lines[-1], Exit.FAILED)
        return json.loads(answer.stdout)

    def _environment(self, **changes: str | None) -> dict[str, str]:
        workdir = configured("PROTEINX_WORKDIR") or str(self.home / "workdir")
        return environment(PROTEINX_HOME=str(self.home), PROTEINX_WORKDIR=workdir, PROTEINX_TOKEN=None, **changes)


def health(url: str) -> Health | None:
    """None while nobody answers there; a degraded master answers too."""
    try:
        reply = httpx.get(f"{url}/api/health", timeout=5, trust_env=False)
        return Health.model_validate_json(reply.content)
    except (httpx.TransportError, ValueError):
        return None


def _is_ready(answer: Health | None) -> bool:
    return answer is not None and "starting" not in answer.parts.values()


def free_port(host: str = "127.0.0.1") -> int:
    with socket.create_server((host, 0)) as server:
        port: int = server.getsockname()[1]
        return port


def require_free(address: Address) -> None:
    try:
        with socket.create_server((address.host, address.port)):
            return
    except OSError as error:
        raise CommandError(
            f"{address.host}:{address.port} can't be used ({error.strerror or error}); "
            "choose another with --port, or stop what listens there.",
        ) from error


def _joined(*paths: Path) -> str:
    known = os.environ.get("PYTHONPATH")
    return os.pathsep.join([*map(str, paths), *([known] if known else [])])
