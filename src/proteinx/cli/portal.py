"""`px portal`: builds the web portal that the master serves at `/`."""

import os
from pathlib import Path
from typing import Annotated

import typer

from proteinx.cli import checkout
from proteinx.cli.output import note
from proteinx.cli.portal_build import Portal
from proteinx.cli.portal_pictures import take
from proteinx.contracts.accounts import SignIn

app = typer.Typer(no_args_is_help=True)


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


@app.command()
def pictures(
    url: Annotated[str, typer.Argument(help="Address of a running master with something to show.")],
    sign_in: Annotated[
        Path | None, typer.Option(exists=True, help="JSON file with name and password; else that of `px demo --keep`.")
    ] = None,
    folder: Annotated[Path | None, typer.Option(help="Where to; docs/images of the source tree by default.")] = None,
) -> None:
    """Takes a picture of every page, in Chinese and English, light and dark, with Chromium and Playwright."""
    who = SignIn.model_validate_json((sign_in or checkout.home() / "demo" / "sign-in.json").read_bytes())
    for path in take(url.rstrip("/"), who, folder or checkout.root() / "docs" / "images"):
        note(str(path))
