"""`px projects`: code that jobs run."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from proteinx.cli.output import AsJson, ago, note, print_fields, print_json, print_table, size
from proteinx.client import connect
from proteinx.client.code_source import resolve
from proteinx.client.project_template import write
from proteinx.contracts.projects import SnapshotView
from proteinx.sdk.progress import transfer

app = typer.Typer(add_completion=False, invoke_without_command=True)


@app.callback()
def _default(ctx: typer.Context, as_json: AsJson = False) -> None:
    if ctx.invoked_subcommand is None:
        list_(as_json=as_json)


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List all projects."""
    with connect() as master:
        found = master.projects.all()
    if as_json:
        print_json(found)
        return
    rows = [
        (
            item.name,
            ", ".join(one.name for one in item.snapshot.entry_points) if item.snapshot else "-",
            item.snapshot.digest[:12] if item.snapshot else "-",
            _origin(item.snapshot) if item.snapshot else "-",
            item.owner or "built in",
            ago(item.snapshot.created_at if item.snapshot else item.created_at),
        )
        for item in found
    ]
    print_table(("NAME", "ENTRY POINTS", "SNAPSHOT", "FROM", "OWNER", "CHANGED"), rows, "No projects yet.")


@app.command()
def show(name: Annotated[str, typer.Argument(help="The project's name.")], as_json: AsJson = False) -> None:
    """Show a project's entry points and snapshots."""
    with connect() as master:
        project, snapshots = master.projects.get(name), master.projects.snapshots(name)
    if as_json:
        print_json({"project": project, "snapshots": snapshots})
        return
    print_fields([("Name", project.name), ("Owner", project.owner or "built in")])
    if project.snapshot is not None:
        rows = [
            (
                entry.name,
                ", ".join(one.name + ("" if one.required else f"={one.default!r}") for one in entry.parameters),
                entry.config_name or "-",
            )
            for entry in project.snapshot.entry_points
        ]
        print_table(("ENTRY POINT", "PARAMETERS", "HYDRA CONFIG"), rows, "")
    lines = [(item.digest[:12], item.files, size(item.size), _origin(item), ago(item.created_at)) for item in snapshots]
    print_table(("SNAPSHOT", "FILES", "SIZE", "FROM", "MADE"), lines, "No code yet.")


@app.command()
def add(
    source: Annotated[str, typer.Argument(metavar="GIT-URI|FOLDER|ZIP", help="With #SUBFOLDER where it lies deeper.")],
    name: Annotated[str | None, typer.Option(help="Its name; else the one in MLproject or of the repository.")] = None,
    version: Annotated[str | None, typer.Option("--version", "-v", help="Branch, tag or commit.")] = None,
    as_json: AsJson = False,
) -> None:
    """Keep code at the master: it becomes the project's newest snapshot.

    Of a git address the master fetches the commit itself. A folder is taken as it is, uncommitted changes included.
    """
    with connect() as master:
        made = resolve(master, source, version, name=name, bar=partial(transfer, "code"))
    if as_json:
        print_json(made)
        return
    note(f"Project {made.project}: snapshot {made.digest[:12]}, {made.files} files, from {_origin(made)}.")
    note(f"Run it: px submit {made.project}" + _needed(made))


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="The project's name, and its folder's unless --to says otherwise.")],
    to: Annotated[Path | None, typer.Option(help="The new folder.")] = None,
) -> None:
    """Write a small project that runs: MLproject, Hydra config, training script."""
    folder = write(name, to or Path(name))
    note(f"{folder} is there. Change train.py, then:")
    note(f"  px submit {name} --project-dir {folder} -i data=DATASET")
    note(f"  mlflow run {folder} --env-manager local -P data=FILE.csv     # on this machine")


def _needed(made: SnapshotView) -> str:
    main = next((one for one in made.entry_points if one.name == "main"), None)
    required = [one for one in main.parameters if one.required] if main else []
    return "".join(f" -i {one.name}=..." if one.type == "path" else f" -P {one.name}=..." for one in required)


def _origin(snapshot: SnapshotView) -> str:
    source = snapshot.source
    commit = source.get("commit", "")[:10]
    place = source.get("uri") or source.get("folder") or source.get("kind", "-")
    changed = " with changes" if source.get("dirty") == "yes" else ""
    return f"{place} at {commit}{changed}" if commit else place
