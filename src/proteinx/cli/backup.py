"""`px backup` and `px restore`: everything of a master in one file, made and brought back while it is stopped."""

import time
from pathlib import Path
from typing import Annotated

import typer

from proteinx.cli import checkout
from proteinx.cli.archive import Places, pack, unpack
from proteinx.cli.exits import CommandError
from proteinx.cli.master import Master
from proteinx.cli.output import AsJson, note, print_json, size


def backup(
    file: Annotated[Path | None, typer.Argument(help="Where to; proteinx-<time>.tar unless named.")] = None,
    workdir: Annotated[bool, typer.Option("--workdir", help="Data, artifacts and logs too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Holds the databases, the secrets (keep it safe) and, with --workdir, all files; each with its hash.

    Without --workdir it is small, and the workdir must be kept by other means. Refuses while the master runs.
    """
    target = (file or Path(time.strftime("proteinx-%Y%m%d-%H%M%S.tar"))).resolve()
    if target.exists():
        raise CommandError(f"{target} exists already; name another file.")
    places = _places()
    manifest = pack(places, target, with_workdir=workdir)
    if as_json:
        print_json({"file": str(target), **manifest})
    else:
        note(f"{len(manifest['files'])} files, {size(target.stat().st_size)}: {target}")


def restore(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A file made by `px backup`.")],
    workdir: Annotated[
        Path | None, typer.Option("--workdir", help="Put the files here instead of where they were.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Refuses while the master runs, and where a state is already there: move that away first."""
    master = Master(checkout.root(), checkout.home())
    if master.running():
        raise CommandError("The master runs: stop it with `px down` first.")
    if master.state.exists() and any(master.state.iterdir()):
        raise CommandError(f"{master.state} holds a state already; move it away first, so that nothing is lost.")
    manifest = unpack(file, master.state, workdir)
    if as_json:
        print_json(manifest)
    else:
        note(f"{len(manifest['files'])} files are back, checked. Start it with `px up`.")


def _places() -> Places:
    master = Master(checkout.root(), checkout.home())
    if master.running():
        raise CommandError("The master runs: stop it with `px down` first.")
    found = master.offline("places")
    if found["database_kind"] != "sqlite":
        raise CommandError("The database is a PostgreSQL server: back it up with pg_dump, and the folders with tar.")
    return Places(
        state=Path(found["state"]),
        database=Path(found["database"]),
        workdir=Path(found["workdir"]) if found["workdir"] else None,
    )
