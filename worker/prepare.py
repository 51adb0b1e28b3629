"""Makes an attempt ready to start: code, inputs, checkpoint, command. All of it comes from the cache where it can."""

import os
import secrets
import shutil
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from proteinx.client.agent import AttemptClient
from proteinx.contracts.jobs import InputFile, InputSpec, JobSpec
from proteinx.contracts.mlproject import MLproject, entry_point_of, load, render, with_overrides
from worker.cache import Cache
from worker.confinement import special_paths
from worker.environment import job_environment
from worker.environments.base import Site
from worker.environments.choice import choose
from worker.launch import Launch
from worker.layout import AttemptDir, write_json
from worker.rendezvous import meet
from worker.settings import WorkerSettings


class BadPath(ValueError):
    pass


def prepare(
    spec: JobSpec, attempt: AttemptDir, cache: Cache, client: AttemptClient, settings: WorkerSettings, *, confine: bool
) -> None:
    """Leaves `launch.json` for the supervisor.

    Raises ApiError, Stopped, TransferError, SnapshotError, MLprojectError, BadPath, CannotHave, BuildFailed, OSError.
    """
    for path in (attempt.outputs, attempt.checkpoints, attempt.temporary, attempt.home):
        path.mkdir(parents=True, exist_ok=True)
    project = _code(spec, attempt, cache, client)
    bound = {item.parameter: str(_input(item, attempt, cache, client)) for item in spec.inputs}
    if spec.checkpoint is not None:
        _checkpoint(spec, attempt, cache, client)
    declared = load(project)
    command = _command(spec, declared, project, bound)
    environment = choose(spec.environment, declared, project)
    special = special_paths(attempt, cache, settings)
    site = Site(attempt, project, cache, client, private=special, confine=confine, rules=spec.fault_rules)
    environment.make(site)
    meeting = meet(spec, client, settings)  # last: the others wait from here on
    launch = Launch(
        command=command,
        folder=str(project),
        environment=job_environment(spec, attempt, settings) | meeting,
        cookie=f"{attempt.key}.{secrets.token_hex(8)}",
        gpu_uuids=spec.gpu_uuids,
        gpu_share=spec.resources.gpu_share,
        memory=spec.resources.memory,
        time_limit=spec.time_limit,
        grace=spec.grace,
        confine=confine,
        special=special,
        label=environment.label,
    )
    environment.adapt(launch, spec, site)
    write_json(attempt.launch, launch.to_json(), durable=False)  # a power cut ends the attempt anyway


def digests(spec: JobSpec) -> set[str]:
    """What of the cache an attempt uses."""
    files = [file for item in spec.inputs for file in item.files]
    files += spec.checkpoint.files if spec.checkpoint else []
    return {spec.snapshot} | {file.sha256 for file in files if file.sha256}


def _code(spec: JobSpec, attempt: AttemptDir, cache: Cache, client: AttemptClient) -> Path:
    """A copy of its own, so that a job may write beside its code and the cache stays as it is."""
    root, project = cache.snapshot(spec.snapshot, partial(client.fetch_snapshot, spec), client.transport.wait)
    shutil.rmtree(attempt.code, ignore_errors=True)
    shutil.copytree(root, attempt.code)
    return attempt.code / project


def _input(item: InputSpec, attempt: AttemptDir, cache: Cache, client: AttemptClient) -> Path:
    folder = attempt.inputs / _inside(item.parameter)
    for file in item.files:
        _place(file, folder / _inside(file.path), cache, client)
    return folder if item.is_directory else folder / item.files[0].path


def _checkpoint(spec: JobSpec, attempt: AttemptDir, cache: Cache, client: AttemptClient) -> None:
    assert spec.checkpoint is not None  # noqa: S101  asked by the caller
    for file in spec.checkpoint.files:
        _place(file, attempt.resume / _inside(file.path), cache, client)
    write_json(attempt.resume / f"step-{spec.checkpoint.step}.manifest.json", spec.checkpoint.manifest)


def _place(file: InputFile, target: Path, cache: Cache, client: AttemptClient) -> None:
    """Under its own name: the end of it says what is in it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    if file.sha256 is None:
        client.fetch(file, target)
        return
    blob = cache.blob(file.sha256, partial(client.fetch, file), client.transport.wait)
    try:
        os.link(blob, target)
    except OSError:
        target.symlink_to(blob)  # the cache is on another disk


def _command(spec: JobSpec, declared: MLproject, project: Path, bound: dict[str, str]) -> str:
    entry_point = entry_point_of(declared, project, spec.entry_point)
    return render(entry_point, with_overrides(entry_point, spec.parameters | bound, spec.overrides))


def _inside(path: str) -> str:
    """The master has checked it; a worker trusts no path all the same."""
    parts: Iterable[str] = Path(path).parts
    if not path or Path(path).is_absolute() or ".." in parts:
        raise BadPath(f"the master names a file {path!r} that would lie outside the attempt's folder")
    return path
