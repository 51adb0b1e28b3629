"""The portal's build beside other work: `px up` and `px demo` start it where it is needed, and never fail by it."""

import time
from pathlib import Path
from typing import Annotated, Final

import typer

from proteinx.cli.portal_build import Portal
from proteinx.cli.processes import Processes, environment, python

NAME: Final = "portal-build"
PORTAL_SECONDS: Final = 240.0

WithPortal = Annotated[bool, typer.Option("--portal/--no-portal", help="Build the web portal where it is missing.")]


class PortalInBackground:
    def __init__(self, root: Path, home: Path) -> None:
        self._root = root
        self._portal = Portal(root)
        self._processes = Processes(home)

    def start(self) -> bool:
        """Whether there is something to build; it is then at work, behind everything else on this machine."""
        if self._portal.is_current():
            return False
        if self._processes.find(NAME) is None:
            command = python("-m", "proteinx.cli", "portal", "build", "--low-priority")
            self._processes.start(NAME, command, cwd=self._root, env=environment())
        return True

    def wait(self, seconds: float) -> str | None:
        """None once it is built; else why it is not (yet), in a sentence."""
        deadline = time.monotonic() + seconds
        while self._is_at_work() and time.monotonic() < deadline:
            time.sleep(0.2)
        if self._portal.is_current():
            return None
        if self._is_at_work():
            return f"The portal is still being built; see {self._log}. `px portal build` waits for it."
        if self._portal.failed.is_file():
            return f"{self._portal.failed.read_text(encoding='utf-8')}\nTry again with `px portal build`."
        return f"The portal was not built; see {self._log}."

    def stop(self) -> None:
        self._processes.stop(NAME, grace=5, with_children=True)

    def _is_at_work(self) -> bool:
        return self._processes.find(NAME) is not None

    @property
    def _log(self) -> Path:
        return self._processes.log(NAME)
