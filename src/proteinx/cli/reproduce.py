"""`px reproduce` and `px export`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from proteinx.cli.exits import CommandError, Exit
from proteinx.cli.follow import detached, exit_code, follow
from proteinx.cli.jobs import Reference
from proteinx.cli.output import AsJson, note, print_json, size
from proteinx.client import Client, connect
from proteinx.client.reproduction import capsule, repeat
from proteinx.client.reproduction.repeat import Comparison
from proteinx.client.reproduction.verdict import ATOL, DIFFERS, RTOL
from proteinx.sdk.progress import transfer

_SHOWN = 20


def reproduce(
    job: Reference,
    other: Annotated[str | None, typer.Option("--with", metavar="JOB", help="Compare with this one; run none.")] = None,
    rtol: Annotated[float, typer.Option(min=0, help="Relative tolerance of a metric's last value.")] = RTOL,
    atol: Annotated[float, typer.Option(min=0, help="Absolute tolerance.")] = ATOL,
    as_json: AsJson = False,
) -> None:
    """A new job of the same code, data, config and resources; then metrics, model and files of both are compared.

    Says bit-equal, within tolerance, or what differs, and keeps that as tags of the new run. The exit code is 1 where
    it differs.
    """
    with connect() as master:
        first = master.jobs.resolve(job)
        second = master.jobs.resolve(other) if other else _again(master, first)
        told = repeat.compare(master, first, second, rtol=rtol, atol=atol)
    if as_json:
        print_json(told.as_json())
    else:
        _print(told)
    raise typer.Exit(Exit.FAILED if told.verdict.verdict == DIFFERS else Exit.OK)


def export(
    job: Reference,
    to: Annotated[
        Path | None, typer.Option("--to", "-o", help="The zip file; ./capsule-<job>.zip unless named.")
    ] = None,
    data: Annotated[bool, typer.Option("--data/--no-data", help="Put the inputs in, or their hashes alone.")] = True,
) -> None:
    """Code, config, packages, inputs and expected results of a job; `mlflow run` repeats it without the platform."""
    with connect() as master:
        job_id = master.jobs.resolve(job)
        out = to or Path(f"capsule-{job_id[:12]}.zip")
        capsule.export(master, job_id, out, with_data=data, bar=transfer)
    note(f"{out} has {size(out.stat().st_size)}. Unpack it, then: mlflow run . --env-manager local")


def _again(master: Client, first: str) -> str:
    made = repeat.start(master, first)
    note(f"Job {made.id[:12]} repeats {first[:12]}.")
    try:
        ended = follow(master, made.id, log_to=sys.stderr)
    except KeyboardInterrupt:
        note(f"{detached(made.id)} Compare them later: px reproduce {first[:12]} --with {made.id[:12]}")
        raise
    if exit_code(ended) is not Exit.OK:
        raise CommandError(f"The repetition is {ended.state.value}: {ended.reason}", exit_code(ended))
    return made.id


def _print(told: Comparison) -> None:
    print(
        f"{told.verdict.verdict}: {told.verdict.compared} metrics and files of {told.first[:12]} and {told.second[:12]}"
    )
    for line in told.verdict.differences[:_SHOWN]:
        print(f"  {line}")
    if len(told.verdict.differences) > _SHOWN:
        print(f"  ... and {len(told.verdict.differences) - _SHOWN} more; --json has all")
    for line in told.environment:
        note(f"  the environments differ: {line}")
