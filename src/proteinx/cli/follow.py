"""Prints a job's log and moves as they happen, and ends with the job's exit code."""

import sys
from typing import TextIO

from rich.console import Console
from rich.text import Text

from proteinx.cli.exits import OF_JOB, Exit
from proteinx.client import Client
from proteinx.client.following import narrate
from proteinx.contracts.jobs import JobDetail


def follow(master: Client, job_id: str, *, attempt: int = 1, log_to: TextIO | None = None) -> JobDetail:
    """Until the job has ended or is held. The log goes to `log_to` (standard output), moves to standard error.

    Ctrl-C leaves the job running: KeyboardInterrupt passes on.
    """
    out = log_to or sys.stdout
    console = Console(stderr=True, highlight=False)

    def write(text: str) -> None:
        out.write(text)
        out.flush()

    def tell(line: str) -> None:
        console.print(Text(f"-- {line}", style="dim"))

    narrate(master.follow(job_id, attempt=attempt), write, tell, attempt=attempt)
    return master.jobs.get(job_id)


def exit_code(job: JobDetail) -> Exit:
    return OF_JOB.get(job.state, Exit.FAILED)


def detached(job_id: str) -> str:
    short = job_id[:12]
    return f"The job goes on: `px logs -f {short}` follows it again, `px cancel {short}` ends it."
