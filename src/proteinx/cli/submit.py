"""`px submit`."""

import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from proteinx.cli.exits import CommandError, Exit
from proteinx.cli.follow import detached, exit_code, follow
from proteinx.cli.jobs import print_job
from proteinx.cli.local_code import send_snapshot
from proteinx.cli.output import AsJson, note, print_json
from proteinx.cli.units import parse_duration, parse_pairs, parse_size
from proteinx.client import ApiError, Client, connect
from proteinx.contracts.jobs import GIB, EnvironmentKind, JobCreate, JobView, Resources


def submit(
    project: Annotated[str, typer.Argument(help="Project, such as protein.")],
    overrides: Annotated[
        list[str] | None, typer.Argument(help="Hydra overrides: model=cnn trainer.max_epochs=5.")
    ] = None,
    entry_point: Annotated[str, typer.Option("--entry-point", "-e", help="Entry point of its MLproject.")] = "main",
    inputs: Annotated[
        list[str] | None, typer.Option("--input", "-i", metavar="NAME=REF", help="data=gb1@1, model=models:/gb1/2.")
    ] = None,
    parameters: Annotated[
        list[str] | None, typer.Option("--param", "-P", metavar="KEY=VALUE", help="MLproject parameter.")
    ] = None,
    gpus: Annotated[int, typer.Option(min=0, help="GPUs.")] = 0,
    gpu_memory: Annotated[str, typer.Option(help="Memory each GPU must have free, such as 20G.")] = "0",
    cpus: Annotated[float, typer.Option(min=0.1, help="CPU cores.")] = 1.0,
    memory: Annotated[str, typer.Option(help="RAM, such as 8G.")] = "1G",
    nodes: Annotated[int, typer.Option(min=1, help="Machines, with these resources each.")] = 1,
    node: Annotated[list[str] | None, typer.Option(metavar="NAME", help="Only on this node; may be repeated.")] = None,
    gpu_share: Annotated[bool, typer.Option("--gpu-share", help="May share a GPU, by --gpu-memory.")] = False,
    label: Annotated[list[str] | None, typer.Option(metavar="KEY=VALUE", help="Label the node must carry.")] = None,
    time_limit: Annotated[str | None, typer.Option(help="For each attempt, such as 12h; none = without end.")] = "7d",
    name: Annotated[str | None, typer.Option(help="Name of the job.")] = None,
    experiment: Annotated[str, typer.Option(help="MLflow experiment.")] = "default",
    tag: Annotated[list[str] | None, typer.Option(metavar="KEY=VALUE", help="Tag of the run.")] = None,
    notes: Annotated[str, typer.Option(help="Remarks for people.")] = "",
    priority: Annotated[int, typer.Option(min=-100, max=100, help="Higher goes first.")] = 0,
    preemptible: Annotated[
        bool, typer.Option("--preemptible/--not-preemptible", help="May make room for a higher priority.")
    ] = True,
    queue_limit: Annotated[str | None, typer.Option(help="Fail after waiting so long for a place, such as 2h.")] = None,
    stop_when_cut_off: Annotated[
        bool, typer.Option("--stop-when-cut-off", help="Stop within the lease where the worker can't reach the master.")
    ] = False,
    max_attempts: Annotated[int, typer.Option(min=1, max=100, help="Tries when machines fail.")] = 5,
    register: Annotated[str | None, typer.Option(metavar="NAME", help="Register the model on success.")] = None,
    environment: Annotated[
        EnvironmentKind, typer.Option(help="Where its code runs; own = in the worker's environment.")
    ] = "auto",
    warm_start: Annotated[
        bool, typer.Option("--warm/--cold", help="May be a fork of a process that has the libraries loaded.")
    ] = True,
    snapshot: Annotated[str | None, typer.Option(help="Digest of an older snapshot of the project.")] = None,
    project_dir: Annotated[
        Path | None, typer.Option(exists=True, file_okay=False, help="Send this folder's code first and run it.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask before code is sent.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Only check it and print the config; make no job.")] = False,
    following: Annotated[bool, typer.Option("--follow", "-f", help="Show log and state until the end.")] = False,
    as_json: AsJson = False,
) -> None:
    """The config is checked before anything is dispatched: a mistyped override is refused with the nearest valid one.

    With --follow the exit code is the job's: 0 succeeded, 1 failed, 5 held, 130 cancelled; Ctrl-C leaves it running.
    """
    request = JobCreate(
        project=project,
        entry_point=entry_point,
        snapshot=snapshot,
        parameters=parse_pairs(parameters or [], "-P epochs=5"),
        overrides=overrides or [],
        inputs=parse_pairs(inputs or [], "--input data=gb1@1"),
        resources=Resources(
            gpus=gpus,
            gpu_memory=parse_size(gpu_memory),
            cpus=cpus,
            memory=parse_size(memory) if memory else GIB,
            nodes=nodes,
            labels=parse_pairs(label or [], "--label site=lab"),
            node_names=node or [],
            gpu_share=gpu_share,
        ),
        name=name,
        experiment=experiment,
        tags=parse_pairs(tag or [], "--tag batch=3"),
        notes=notes,
        priority=priority,
        preemptible=preemptible,
        max_attempts=max_attempts,
        queue_limit=parse_duration(queue_limit) if queue_limit else None,
        on_partition="stop" if stop_when_cut_off else "continue",
        time_limit=None if time_limit in (None, "none") else parse_duration(str(time_limit)),
        register_as=register,
        environment=environment,
        warm_start=warm_start,
    )
    with connect() as master:
        if project_dir is not None:
            sent = send_snapshot(master, project, project_dir, ask=not yes)
            request = request.model_copy(update={"snapshot": sent.digest})
        with _folder_explained(project):
            if check:
                print_json(master.jobs.check(request))
                return
            job = master.jobs.create(request)
        if following:
            raise typer.Exit(_follow(master, job, as_json))
    if as_json:
        print_json(job)
    else:
        note(f"Job {job.id[:12]} ({job.name}) is {job.state.value}. Follow it: px logs -f {job.id[:12]}")
        print(job.id)


@contextmanager
def _folder_explained(project: str) -> Iterator[None]:
    try:
        yield
    except ApiError as error:
        if error.code != "unknown_project" or not Path(project).exists():
            raise
        raise CommandError(
            f"{project} is on this machine: `px submit NAME --project-dir {shlex.quote(project)}` sends its code, with "
            "NAME for what it is called at the master; `px projects add` keeps it there."
        ) from error


def _follow(master: Client, job: JobView, as_json: bool) -> Exit:
    note(f"Job {job.id} ({job.name})")
    try:
        ended = follow(master, job.id, log_to=sys.stderr if as_json else None)
    except KeyboardInterrupt:
        note(detached(job.id))
        return Exit.INTERRUPTED
    if as_json:
        print_json(ended)
    else:
        print_job(ended, master.url)
    return exit_code(ended)
