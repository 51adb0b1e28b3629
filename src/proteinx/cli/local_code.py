"""Sends a project's folder as it is on disk now, after showing what would go."""

import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import typer

from proteinx.cli.output import note, size
from proteinx.cli.transfers import transfer_bar
from proteinx.client import Client
from proteinx.contracts.snapshot import Tree, collect, digest, pack

_SHOWN = 15


def send_snapshot(master: Client, project: str, folder: Path, *, ask: bool) -> str:
    """Returns the snapshot's digest. What the master has already is not sent again. Raises SnapshotError."""
    tree = collect(folder)
    name = digest(tree)
    _show(tree, name)
    if ask and sys.stdin.isatty():
        typer.confirm(f"Send this to {master.url}?", default=True, abort=True, err=True)
    with tempfile.TemporaryDirectory(prefix="proteinx-") as temporary:
        archive = Path(temporary) / "snapshot.tar.gz"
        pack(tree, archive)
        with transfer_bar("code", archive.stat().st_size) as progress:
            master.projects.add_snapshot(project, archive, name, source=_source(folder), progress=progress)
    return name


def _show(tree: Tree, name: str) -> None:
    note(f"Snapshot {name[:12]}: {len(tree.files)} files, {size(tree.size)}")
    for file in sorted(tree.files, key=lambda file: -file.size)[:_SHOWN]:
        note(f"  {size(file.size):>10}  {file.path}")
    if len(tree.files) > _SHOWN:
        note(f"  ... and {len(tree.files) - _SHOWN} smaller ones")
    if tree.skipped:
        left_out = ", ".join(tree.skipped[:8]) + (", ..." if len(tree.skipped) > 8 else "")
        note(f"  left out as cache, result or secret: {left_out}")


def _source(folder: Path) -> dict[str, str]:
    """Where the code came from, as far as git knows."""
    source = {"host": socket.gethostname(), "folder": str(folder.resolve())}
    commit = _git(folder, "rev-parse", "HEAD")
    if commit:
        source |= {"commit": commit, "dirty": "yes" if _git(folder, "status", "--porcelain") else "no"}
    return source


def _git(folder: Path, *arguments: str) -> str:
    """Empty without git or outside of a repository: then there is nothing to say about a commit."""
    try:
        answer = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return ""
    return answer.stdout.strip() if answer.returncode == 0 else ""
