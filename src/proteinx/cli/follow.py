"""Prints a job's log and moves as they happen, and ends with the job's exit code."""

import sys
from typing import TextIO

from rich.console import Console
from rich.text import Text

from proteinx.cli.exits import OF_JOB, Exit
from proteinx.client import Client
from proteinx.contracts.jobs import JobDetail
from proteinx.contracts.live import JobMessage, LogMessage


def follow(master: Client, job_id: str, *, attempt: int = 1, log_to: TextIO | None = None) -> JobDetail:
    """Until the job has ended or is held. The log goes to `log_to` (standard output), moves to standard error.

    Ctrl-C leaves the job running: KeyboardInterrupt passes on.
    """
    out = log_to or sys.stdout
    console = Console(stderr=True, highlight=False)
    shown_attempt = attempt
    at_line_start = True
    for message in master.follow(job_id, attempt=attempt):
        match message:
            case LogMessage():
                if message.attempt != shown_attempt:
                    shown_attempt = message.attempt
                    _line(console, f"attempt {shown_attempt}")
                out.write(message.text)
                out.flush()
                at_line_start = message.text.endswith("\n")
            case JobMessage():
                if not at_line_start:
                    out.write("\n")
                    at_line_start = True
                _line(console, f"{message.state}{': ' + message.reason if message.reason else ''}")
    return master.jobs.get(job_id)


def exit_code(job: JobDetail) -> Exit:
    return OF_JOB.get(job.state, Exit.FAILED)


def detached(job_id: str) -> str:
    short = job_id[:12]
    return f"The job goes on: `px logs -f {short}` follows it again, `px cancel {short}` ends it."


def _line(console: Console, text: str) -> None:
    console.print(Text(f"-- {text}", style="dim"))
