"""`px logs`."""

import sys
from typing import Annotated

import typer

from proteinx.cli.exits import Exit
from proteinx.cli.follow import detached, exit_code, follow
from proteinx.cli.jobs import Reference
from proteinx.cli.output import note
from proteinx.client import connect


def logs(
    job: Reference,
    following: Annotated[bool, typer.Option("--follow", "-f", help="Go on until the job has ended.")] = False,
    attempt: Annotated[int | None, typer.Option(min=1, help="Which try; the last one unless named.")] = None,
    rank: Annotated[int, typer.Option(min=0, help="Which member of a job on several nodes.")] = 0,
    tail: Annotated[int | None, typer.Option("--tail", "-n", min=1, help="Only the last lines.")] = None,
    search: Annotated[str | None, typer.Option(help="Only lines that contain this.")] = None,
) -> None:
    """With -f the exit code is the job's: 0 succeeded, 1 failed, 5 held, 130 cancelled."""
    with connect() as master:
        job_id = master.jobs.resolve(job)
        if following:
            try:
                code = exit_code(follow(master, job_id, attempt=attempt or 1))
            except KeyboardInterrupt:
                note(detached(job_id))
                code = Exit.INTERRUPTED
            raise typer.Exit(code)
        if tail or search:
            sys.stdout.buffer.write(master.jobs.log(job_id, attempt=attempt, rank=rank, tail=tail, search=search).data)
            return
        for piece in master.jobs.whole_log(job_id, attempt=attempt, rank=rank):
            sys.stdout.buffer.write(piece)
