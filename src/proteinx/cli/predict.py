"""`px predict`."""

import csv
import sys
from pathlib import Path
from typing import Annotated

import typer

from proteinx.cli.exits import CommandError, Exit
from proteinx.cli.follow import detached, exit_code, follow
from proteinx.cli.output import AsJson, note, print_json, print_table
from proteinx.client import Client, connect, prediction
from proteinx.contracts.jobs import JobDetail
from proteinx.contracts.serving import Cell

_SHOWN = 20


def predict(
    source: Annotated[list[str], typer.Argument(metavar="FILE|SEQUENCE...", help="A FASTA or CSV file, or sequences.")],
    model: Annotated[str, typer.Option("--model", "-m", metavar="NAME[@VERSION]", help="A registered model.")],
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write all predictions to this CSV.")] = None,
    project: Annotated[str, typer.Option(help="Project whose entry point predict is used.")] = "protein",
    gpus: Annotated[int, typer.Option(min=0)] = 0,
    now: Annotated[
        bool, typer.Option("--now", help="A few sequences, at once, by a worker that keeps the model loaded.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """The sequences become a data set, the prediction a job on a worker, so that both can be traced later.

    With --now neither is made: the model answers at once, and stays loaded for the next time.
    """
    if now:
        _predict_now(model, source, out, as_json)
        return
    with connect() as master:
        reference = prediction.model_reference(master, model)
        try:
            job, rows = run_prediction(master, reference, source, project=project, gpus=gpus)
        except KeyboardInterrupt:
            note("Interrupted; `px jobs` shows the job, if it was made.")
            raise typer.Exit(Exit.INTERRUPTED) from None
    _keep(out, rows)
    if as_json:
        print_json({"job": job.id, "model": reference, "predictions": rows})
    else:
        _print_rows(rows)


def _predict_now(model: str, source: list[str], out: Path | None, as_json: bool) -> None:
    with connect() as master:
        found = master.endpoints.ask(model, _given(source), told=note)
    rows = [{name: _text(row[name]) for name in found.columns} for row in found.rows]
    _keep(out, rows)
    if as_json:
        print_json(found)
        return
    _print_rows(rows)
    loaded = "the model was loaded" if found.warm else "the model was loaded for it"
    note(f"{found.model}@{found.version} answered in {found.milliseconds:.0f} ms; {loaded}.")


def _text(value: Cell) -> str:
    return "" if value is None else str(value)


def _print_rows(rows: list[dict[str, str]]) -> None:
    if not rows:
        return
    shown = [tuple(row.values()) for row in rows[:_SHOWN]]
    print_table(tuple(name.upper() for name in rows[0]), shown, "")
    if len(rows) > _SHOWN:
        note(f"... and {len(rows) - _SHOWN} more; --out FILE.csv writes all, --json prints all.")


def run_prediction(
    master: Client, model: str, source: list[str], *, project: str = "protein", gpus: int = 0
) -> tuple[JobDetail, list[dict[str, str]]]:
    """Runs entry point `predict` to its end. Raises CommandError with the job's exit code unless it succeeds."""
    created = prediction.start(master, model, _given(source), project=project, gpus=gpus)
    note(f"Job {created.id[:12]} predicts with {model}.")
    try:
        job = follow(master, created.id, log_to=sys.stderr)
    except KeyboardInterrupt:
        note(detached(created.id))
        raise
    if exit_code(job) is not Exit.OK:
        raise CommandError(f"The prediction is {job.state.value}: {job.reason}", exit_code(job))
    return job, prediction.fetch(master, job.id)


def _given(source: list[str]) -> Path | list[str]:
    return (prediction.file_named(source[0]) if len(source) == 1 else None) or source


def _keep(out: Path | None, rows: list[dict[str, str]]) -> None:
    if out is not None:
        write_rows(out, rows)
        note(f"{len(rows)} predictions are in {out}.")


def write_rows(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]) if rows else [])
        writer.writeheader()
        writer.writerows(rows)
