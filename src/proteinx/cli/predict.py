"""`px predict`."""

import csv
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from proteinx.cli.exits import CommandError, Exit
from proteinx.cli.follow import detached, exit_code, follow
from proteinx.cli.output import AsJson, note, print_json, print_table
from proteinx.client import Client, connect
from proteinx.contracts.jobs import GIB, JobCreate, JobDetail, Resources

PREDICTIONS = "predictions.csv"
_SHOWN = 20


def predict(
    source: Annotated[list[str], typer.Argument(metavar="FILE|SEQUENCE...", help="A FASTA or CSV file, or sequences.")],
    model: Annotated[str, typer.Option("--model", "-m", metavar="NAME[@VERSION]", help="A registered model.")],
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write all predictions to this CSV.")] = None,
    project: Annotated[str, typer.Option(help="Project whose entry point predict is used.")] = "protein",
    gpus: Annotated[int, typer.Option(min=0)] = 0,
    as_json: AsJson = False,
) -> None:
    """The sequences become a data set, the prediction a job on a worker, so that both can be traced later."""
    with connect() as master:
        reference = model_reference(master, model)
        try:
            job, rows = run_prediction(master, reference, source, project=project, gpus=gpus)
        except KeyboardInterrupt:
            note("Interrupted; `px jobs` shows the job, if it was made.")
            raise typer.Exit(Exit.INTERRUPTED) from None
    if out is not None:
        write_rows(out, rows)
        note(f"{len(rows)} predictions are in {out}.")
    if as_json:
        print_json({"job": job.id, "model": reference, "predictions": rows})
    elif rows:
        shown = [tuple(row.values()) for row in rows[:_SHOWN]]
        print_table(tuple(name.upper() for name in rows[0]), shown, "")
        if len(rows) > _SHOWN:
            note(f"... and {len(rows) - _SHOWN} more; --out FILE.csv writes all, --json prints all.")


def model_reference(master: Client, text: str) -> str:
    """`models:/NAME/VERSION` for `NAME@VERSION`; the newest version where none is named. Raises CommandError."""
    if text.startswith("models:/"):
        return text
    name, _, version = text.partition("@")
    if not version:
        versions = master.models.versions(name)
        if not versions:
            raise CommandError(f"There is no model {name!r}; `px models list` shows all.")
        version = max((item.version for item in versions), key=int)
    return f"models:/{name}/{version}"


def run_prediction(
    master: Client, model: str, source: list[str], *, project: str = "protein", gpus: int = 0
) -> tuple[JobDetail, list[dict[str, str]]]:
    """Runs entry point `predict` to its end. Raises CommandError with the job's exit code unless it succeeds."""
    data = _send(master, source)
    request = JobCreate(
        project=project,
        entry_point="predict",
        inputs={"data": data, "model": model},
        resources=Resources(gpus=gpus, memory=2 * GIB),
        experiment="predictions",
        time_limit=86400.0,
    )
    created = master.jobs.create(request)
    note(f"Job {created.id[:12]} predicts with {model} on {data}.")
    try:
        job = follow(master, created.id, log_to=sys.stderr)
    except KeyboardInterrupt:
        note(detached(created.id))
        raise
    if exit_code(job) is not Exit.OK:
        raise CommandError(f"The prediction is {job.state.value}: {job.reason}", exit_code(job))
    return job, _fetch(master, job.id)


def write_rows(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]) if rows else [])
        writer.writeheader()
        writer.writerows(rows)


def _send(master: Client, source: list[str]) -> str:
    """Uploads the file, or a file made of the sequences; a data set of one's own takes them."""
    name = f"predict-{master.accounts.me().name}".replace("@", "-")
    if len(source) == 1 and Path(source[0]).is_file():
        version = master.datasets.upload(name, Path(source[0]), description="Sequences for predictions.")
        return f"{version.dataset}@{version.number}"
    wrong = [text for text in source if not text.isalpha()]
    if wrong:
        raise CommandError(f"{wrong[0]!r} is neither a file nor a sequence.", Exit.USAGE)
    with tempfile.TemporaryDirectory(prefix="proteinx-") as folder:
        path = Path(folder) / "sequences.fasta"
        path.write_text("".join(f">seq{number}\n{text.upper()}\n" for number, text in enumerate(source, start=1)))
        version = master.datasets.upload(name, path, description="Sequences for predictions.")
    return f"{version.dataset}@{version.number}"


def _fetch(master: Client, job_id: str) -> list[dict[str, str]]:
    found = [item for item in master.jobs.artifacts(job_id) if Path(item.path).name == PREDICTIONS]
    if not found:
        raise CommandError(f"Job {job_id[:12]} succeeded but left no {PREDICTIONS}; see `px artifacts list`.")
    with tempfile.TemporaryDirectory(prefix="proteinx-") as folder:
        path = Path(folder) / PREDICTIONS
        master.jobs.download_artifact(job_id, found[0], path)
        with path.open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))
