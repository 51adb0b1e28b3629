"""`px run`: a job's exact snapshot, inputs and config on one's own machine, for debugging."""

import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from proteinx.cli.exits import CommandError, Exit
from proteinx.cli.jobs import Reference
from proteinx.cli.output import note
from proteinx.client import Client, connect
from proteinx.client.local_inputs import fetch_code, fetch_input
from proteinx.contracts.jobs import JobDetail
from proteinx.contracts.mlproject import load_entry_point, render, with_overrides
from proteinx.sdk.progress import transfer as transfer_bar


def run(
    job: Reference,
    local: Annotated[bool, typer.Option("--local", help="Here, on this machine (the only place there is).")] = True,
    to: Annotated[Path | None, typer.Option("--to", "-o", help="Folder; ./run-<job> unless named.")] = None,
    prepare: Annotated[bool, typer.Option("--prepare", help="Fetch all and print the command, don't run it.")] = False,
) -> None:
    """Its results stay in the folder: outputs/ and a MLflow database of their own; nothing goes to the master.

    The folder's code may be changed and the command run again. The exit code is the code's own.
    """
    if not local:
        raise CommandError("To run it on a worker, use `px retry` or `px submit`.", Exit.USAGE)
    with connect() as master:
        detail = master.jobs.get(master.jobs.resolve(job))
        folder = (to or Path(f"run-{detail.id[:12]}")).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        project = _fetch_code(master, detail, folder)
        inputs = {
            name: fetch_input(master, ref, folder / "inputs" / name, transfer_bar)
            for name, ref in detail.inputs.items()
        }
    command = _command(detail, project, inputs)
    note(f"cd {shlex.quote(str(project))}\n{command}")
    if not prepare:
        raise typer.Exit(_execute(command, project, folder))


def _fetch_code(master: Client, job: JobDetail, folder: Path) -> Path:
    """The folder with MLproject. Code that is there already stays, with whatever was changed in it."""
    code = folder / "code"
    marker = folder / "project_path"
    if not marker.exists():
        marker.write_text(fetch_code(master, job.snapshot, code))
    return (code / marker.read_text()).resolve()


def _command(job: JobDetail, project: Path, inputs: dict[str, Path]) -> str:
    entry_point = load_entry_point(project, job.entry_point)
    parameters = dict(job.parameters) | {name: str(path) for name, path in inputs.items()}
    return render(entry_point, with_overrides(entry_point, parameters, job.overrides))


def _execute(command: str, project: Path, folder: Path) -> int:
    outputs, checkpoints = folder / "outputs", folder / "checkpoints"
    for path in (outputs, checkpoints):
        path.mkdir(exist_ok=True)
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("MLFLOW_", "PROTEINX_"))} | {
        "MLFLOW_TRACKING_URI": f"sqlite:///{folder / 'mlflow.db'}",
        "PROTEINX_OUTPUT_DIR": str(outputs),
        "PROTEINX_CHECKPOINT_DIR": str(checkpoints),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
    }
    return subprocess.run(["bash", "-c", command], cwd=project, env=environment, check=False).returncode
