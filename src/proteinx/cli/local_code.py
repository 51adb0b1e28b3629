"""Sends a project's folder as it is on disk now, after showing what would go."""

import sys
from functools import partial
from pathlib import Path

import typer

from proteinx.cli.output import note, size
from proteinx.client import Client
from proteinx.client.local_code import LocalCode, send
from proteinx.contracts.projects import SnapshotView
from proteinx.sdk.progress import transfer as transfer_bar

_SHOWN = 15


def send_snapshot(master: Client, project: str, folder: Path, *, ask: bool) -> SnapshotView:
    """What the master has already is not sent again. Raises SnapshotError, MLprojectError."""
    code = LocalCode.read(folder)
    _show(code)
    if ask and sys.stdin.isatty():
        typer.confirm(f"Send this to {master.url}?", default=True, abort=True, err=True)
    return send(master, project, code, partial(transfer_bar, "code"))


def _show(code: LocalCode) -> None:
    tree = code.tree
    note(f"Snapshot {code.digest[:12]}: {len(tree.files)} files, {size(tree.size)}")
    for file in sorted(tree.files, key=lambda file: -file.size)[:_SHOWN]:
        note(f"  {size(file.size):>10}  {file.path}")
    if len(tree.files) > _SHOWN:
        note(f"  ... and {len(tree.files) - _SHOWN} smaller ones")
    if tree.skipped:
        left_out = ", ".join(tree.skipped[:8]) + (", ..." if len(tree.skipped) > 8 else "")
        note(f"  left out as cache, result or secret: {left_out}")
