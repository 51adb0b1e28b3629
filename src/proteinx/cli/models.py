"""`px models`."""

from typing import Annotated

import typer

from proteinx.cli.jobs import Reference
from proteinx.cli.output import AsJson, ago, note, print_json, print_table
from proteinx.client import connect

app = typer.Typer(add_completion=False, no_args_is_help=True)


@app.command("list")
def list_(
    name: Annotated[str | None, typer.Argument(help="One model, with all its versions.")] = None,
    as_json: AsJson = False,
) -> None:
    """List registered models, or the versions of one."""
    with connect() as master:
        found = master.models.versions(name) if name else [m.latest for m in master.models.all() if m.latest]
    if as_json:
        print_json(found)
        return
    rows = [
        (
            f"{item.name}@{item.version}",
            (item.job_id or "-")[:12],
            ", ".join(item.aliases),
            ago(item.created_at),
            item.uri,
        )
        for item in found
    ]
    empty = "No models yet; `px models register NAME JOB` makes one, or `px submit --register NAME`."
    print_table(("MODEL", "JOB", "ALIASES", "CREATED", "URI"), rows, empty)


@app.command()
def register(
    name: Annotated[str, typer.Argument(help="The model's name.")], job: Reference, as_json: AsJson = False
) -> None:
    """Register the model that a job logged."""
    with connect() as master:
        version = master.models.register(name, master.jobs.resolve(job))
    if as_json:
        print_json(version)
    else:
        note(f"{version.name}@{version.version} is there.")
