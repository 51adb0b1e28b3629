"""`px data`: data sets and their versions."""

from pathlib import Path
from typing import Annotated

import typer

from proteinx.cli.output import AsJson, ago, note, plain, print_fields, print_json, print_table, size
from proteinx.client import connect
from proteinx.contracts.datasets import ColumnNames, VersionView
from proteinx.sdk.progress import transfer as transfer_bar

app = typer.Typer(add_completion=False, no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The data set's name.")]


def _column(flag: str, what: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(f"--{flag}", metavar="COLUMN", help=f"CSV column that holds {what}.")
    return option


@app.command()
def upload(
    name: Name,
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="FASTA, CSV, TSV; also .gz.")
    ],
    sequence: Annotated[str | None, _column("sequence", "the sequence")] = None,
    target: Annotated[str | None, _column("target", "the label or value to learn")] = None,
    split: Annotated[str | None, _column("set", "train, val or test")] = None,
    identifier: Annotated[str | None, _column("id", "the record's id")] = None,
    validation: Annotated[str | None, _column("validation", "True for validation rows")] = None,
    description: Annotated[str, typer.Option("--description", help="What it is and where it comes from.")] = "",
    as_json: AsJson = False,
) -> None:
    """Upload a file as the newest version of a data set, and show its quality report.

    Columns that are not named are found by their usual names. An upload that broke off goes on where it stopped.
    """
    columns = ColumnNames(sequence=sequence, target=target, set=split, id=identifier, validation=validation)
    with connect() as master, transfer_bar(file.name, file.stat().st_size) as progress:
        version = master.datasets.upload(name, file, columns=columns, description=description, progress=progress)
    if as_json:
        print_json(version)
        return
    note(f"{version.dataset}@{version.number} is there.")
    _print_version(version)


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List all data sets."""
    with connect() as master:
        page = master.datasets.page(limit=500)
    if as_json:
        print_json(page.items)
        return
    rows = [
        (
            item.name,
            item.versions,
            item.latest.kind if item.latest else "-",
            item.latest.rows if item.latest else "-",
            size(item.latest.size if item.latest else None),
            item.owner,
            ago(item.latest.created_at if item.latest else item.created_at),
        )
        for item in page.items
    ]
    columns = ("NAME", "VERSIONS", "KIND", "ROWS", "SIZE", "OWNER", "CHANGED")
    print_table(columns, rows, "No data sets yet; `px data upload NAME FILE` makes one.")


@app.command()
def show(
    reference: Annotated[str, typer.Argument(metavar="NAME[@VERSION]", help="The newest version unless one is named.")],
    as_json: AsJson = False,
) -> None:
    """Show one version of a data set with its quality report."""
    name, _, number = reference.partition("@")
    if number and not number.isdigit():
        raise typer.BadParameter(f"{number!r} is no version; write NAME@3.")
    with connect() as master:
        dataset = master.datasets.get(name)
        version = master.datasets.version(name, int(number)) if number else dataset.latest
    if as_json:
        print_json({**plain(dataset), "version": plain(version)})
        return
    print_fields([("Name", dataset.name), ("Owner", dataset.owner), ("About", dataset.description)])
    if version is not None:
        _print_version(version)


@app.command()
def delete(
    name: Name,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")] = False,
) -> None:
    """Delete a data set with all its versions."""
    if not yes:
        typer.confirm(f"Delete the data set {name} with all its versions?", abort=True, err=True)
    with connect() as master:
        master.datasets.delete(name)
    note(f"{name} is deleted.")


def _print_version(version: VersionView) -> None:
    named = {key: value for key, value in version.columns.model_dump().items() if value}
    print_fields(
        [
            ("Version", f"{version.dataset}@{version.number}"),
            ("File", f"{version.filename} ({version.kind}, {size(version.size)})"),
            ("SHA-256", version.sha256),
            ("Rows", version.rows),
            ("Columns", ", ".join(f"{key}={value}" for key, value in named.items())),
            *[(key.replace("_", " ").capitalize(), _short(value)) for key, value in (version.report or {}).items()],
        ]
    )


def _short(value: object) -> str:
    """A report's value in a line: mappings flat, long lists cut (`--json` has all)."""
    match value:
        case dict():
            return ", ".join(f"{key}: {_short(item)}" for key, item in value.items())
        case list() if len(value) > 10:
            return ", ".join(_short(item) for item in value[:10]) + f", ... ({len(value)} in all)"
        case list():
            return ", ".join(_short(item) for item in value)
        case float():
            return f"{value:.4g}"
    return str(value)
