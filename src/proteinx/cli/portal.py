"""`px portal`: builds the web portal that the master serves at `/`."""

import os
from typing import Annotated

import typer

from proteinx.cli import checkout
from proteinx.cli.output import note
from proteinx.cli.portal_build import Portal

app = typer.Typer(no_args_is_help=True)


@app.callback()
def _portal() -> None:
    """Keeps `build` a word of its own while it is the only command."""


@app.command()
def build(
    force: Annotated[bool, typer.Option("--force", help="Build even if nothing has changed.")] = False,
    low_priority: Annotated[bool, typer.Option("--low-priority", help="Let everything else go first.")] = False,
) -> None:
    """Installs Node (from PyPI, into .venv-node) and the packages that are needed, and makes frontend/dist.

    Nothing happens while the sources are those of the last build. A running master shows the new portal at once.
    """
    if low_priority:
        os.nice(15)
    portal = Portal(checkout.root())
    if portal.is_current() and not force:
        note("The portal is up to date.")
        return
    portal.build(note)
    note(f"The portal is built: {portal.dist}")
