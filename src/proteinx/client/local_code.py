"""A project's folder as it is on disk now, uncommitted changes included, becomes a snapshot of a project."""

import hashlib
import re
import socket
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from proteinx.client.client import Client
from proteinx.client.errors import ApiError
from proteinx.client.uploads import Progress
from proteinx.contracts import mlproject
from proteinx.contracts.projects import SnapshotView
from proteinx.contracts.snapshot import Tree, collect, digest, pack

_UNFIT: Final = re.compile(r"[^A-Za-z0-9._-]+")

Bar = Callable[[int], AbstractContextManager[Progress]]
"""Opens a progress bar for so many bytes."""


@dataclass(frozen=True, slots=True)
class LocalCode:
    folder: Path
    tree: Tree
    digest: str

    @classmethod
    def read(cls, folder: Path) -> "LocalCode":
        """Raises SnapshotError for what can't be sent, MLprojectError for an MLproject that doesn't parse."""
        mlproject.load(folder)
        tree = collect(folder)
        return cls(folder, tree, digest(tree))

    @property
    def project(self) -> str:
        """A fitting name: the one in MLproject, else the folder's."""
        return fitting_name(mlproject.load(self.folder).name or self.folder.resolve().name)

    def source(self) -> dict[str, str]:
        """Where the code came from, as far as git knows."""
        source = {"host": socket.gethostname(), "folder": str(self.folder.resolve())}
        commit = _git(self.folder, "rev-parse", "HEAD")
        if commit:
            source |= {"commit": commit, "dirty": "yes" if _git(self.folder, "status", "--porcelain") else "no"}
        return source


def fitting_name(text: str) -> str:
    """`text` with what a project's name may not hold put right. One in another script gets a name of its own, always
    the same, so that two such projects are not taken for one."""
    own = hashlib.sha256(text.encode()).hexdigest()[:6]
    return _UNFIT.sub("-", text).strip("-._")[:100] or f"project-{own}"


def send(master: Client, project: str, code: LocalCode, bar: Bar | None = None) -> SnapshotView:
    """Nothing travels of what the master has already. Raises ApiError, SnapshotError if a file changes meanwhile."""
    source = code.source()
    try:
        return master.projects.add_known(project, code.digest, source=source)
    except ApiError as error:
        if error.code != "unknown_snapshot":
            raise
    with tempfile.TemporaryDirectory(prefix="proteinx-") as temporary:
        archive = Path(temporary) / "snapshot.tar.gz"
        pack(code.tree, archive)
        opened = bar(archive.stat().st_size) if bar else nullcontext(_ignore)
        with opened as progress:
            return master.projects.add_snapshot(project, archive, code.digest, source=source, progress=progress)


def send_as_mine(master: Client, project: str, code: LocalCode, bar: Bar | None = None) -> SnapshotView:
    """As `send`; where that name is a built-in project's or somebody else's, under `<name>.<me>`."""
    try:
        return send(master, project, code, bar)
    except ApiError as error:
        if error.code not in ("built_in", "forbidden"):
            raise
        mine = fitting_name(f"{project[:60]}.{master.accounts.me().name}")
        return send(master, mine, code, bar)


def _ignore(_: int) -> None:
    """Nobody is looking."""


def _git(folder: Path, *arguments: str) -> str:
    """Empty without git or outside of a repository: then there is nothing to say about a commit."""
    try:
        answer = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return ""
    return answer.stdout.strip() if answer.returncode == 0 else ""
