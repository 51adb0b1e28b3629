"""`px data`: data sets and their versions."""

from pathlib import Path
from typing import Annotated

import typer

from proteinx.cli.exits import CommandError
from proteinx.cli.output import AsJson, ago, note, plain, print_fields, print_json, print_table, size
from proteinx.cli.reports import print_cleaned, print_version
from proteinx.client import Client, connect
from proteinx.contracts.datasets import ColumnNames, DatasetView, VersionView
from proteinx.sdk.progress import transfer as transfer_bar

app = typer.Typer(add_completion=False, no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The data set's name.")]
Reference = Annotated[str, typer.Argument(metavar="NAME[@VERSION]", help="The newest version unless one is named.")]


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
    mask: Annotated[str | None, _column("mask", "a 0 or 1 for each residue")] = None,
    variant: Annotated[str | None, _column("variant", "mutations such as G126A")] = None,
    partner: Annotated[str | None, _column("partner", "the second sequence of a pair")] = None,
    description: Annotated[str, typer.Option("--description", help="What it is and where it comes from.")] = "",
    clean: Annotated[
        bool, typer.Option("--clean", help="Keep a cleaned copy: without repeats and records that nothing can use.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Upload a file as the newest version of a data set, and show its quality report.

    Columns that are not named are found by their usual names. An upload that broke off goes on where it stopped.
    """
    columns = ColumnNames(
        sequence=sequence,
        target=target,
        set=split,
        id=identifier,
        validation=validation,
        mask=mask,
        variant=variant,
        partner=partner,
    )
    with connect() as master, transfer_bar(file.name, file.stat().st_size) as progress:
        version = master.datasets.upload(
            name, file, columns=columns, description=description, clean=clean, progress=progress
        )
    if as_json:
        print_json(version)
        return
    note(f"{version.dataset}@{version.number} is there.")
    print_version(version)


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
    reference: Reference,
    as_json: AsJson = False,
) -> None:
    """Show one version of a data set with its quality report: what was found, and on which lines."""
    with connect() as master:
        dataset, version = _version(master, reference)
    if as_json:
        print_json({**plain(dataset), "version": plain(version)})
        return
    print_fields([("Name", dataset.name), ("Owner", dataset.owner), ("About", dataset.description)])
    print_version(version)


@app.command()
def download(
    reference: Reference,
    to: Annotated[
        Path | None, typer.Option("--to", "-o", help="File, or folder of a version of several files.")
    ] = None,
) -> None:
    """Fetch a version's file, checked; one that broke off goes on where it stopped."""
    with connect() as master:
        _, version = _version(master, reference)
        target = to or Path(version.filename)
        with transfer_bar(version.filename, version.size) as progress:
            master.datasets.download(version, target, progress)
    note(f"{version.dataset}@{version.number} is in {target}.")


@app.command()
def clean(
    reference: Reference,
    to: Annotated[Path | None, typer.Option("--to", "-o", help="File; ./cleaned-<its name> unless named.")] = None,
    as_json: AsJson = False,
) -> None:
    """Fetch a cleaned copy: without repeats and records that nothing can use. Says what was dropped, line by line.

    The data set stays as it is; `px data upload --clean` cleans a file on its way in.
    """
    with connect() as master:
        _, version = _version(master, reference)
        target = to or Path(f"cleaned-{version.filename}")
        cleaned = master.datasets.download_cleaned(version, target)
    if as_json:
        print_json(cleaned)
        return
    print_cleaned(cleaned)
    note(f"The cleaned copy is in {target}.")


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


def _version(master: Client, reference: str) -> tuple[DatasetView, VersionView]:
    name, _, number = reference.partition("@")
    if number and not number.isdigit():
        raise typer.BadParameter(f"{number!r} is no version; write NAME@3.")
    dataset = master.datasets.get(name)
    version = master.datasets.version(name, int(number)) if number else dataset.latest
    if version is None:
        raise CommandError(f"The data set {name} has no version.")
    return dataset, version
