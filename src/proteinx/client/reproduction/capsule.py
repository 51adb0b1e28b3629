"""Packs a job as a capsule: a zip file that `mlflow run` repeats on a machine without the platform."""

import json
import math
import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import Any, Final

import yaml

from proteinx.client.client import Client
from proteinx.client.local_inputs import Bar, fetch_code, fetch_input
from proteinx.client.reproduction import capsule_run, lock, verdict
from proteinx.client.reproduction.capsule_readme import readme
from proteinx.client.reproduction.repeat import NotReproducible, inputs_needed, left
from proteinx.contracts.jobs import JobDetail
from proteinx.contracts.mlproject import load_entry_point, render, with_overrides
from proteinx.contracts.states import JobState

FORMAT: Final = 1
PLACEHOLDER: Final = "@@INPUT:{}@@"
"""Stands in the command for an input's path; the shell needs no quotes around it, so none are put."""


def export(master: Client, job_id: str, out: Path, *, with_data: bool = True, bar: Bar | None = None) -> Path:
    """Writes the capsule. Without data it holds the hashes alone, and the files are given when it is run.

    Raises NotReproducible for a job that has not succeeded, ApiError, TransferError, OSError.
    """
    job = master.jobs.get(job_id)
    if job.state is not JobState.SUCCEEDED:
        raise NotReproducible(f"{job.name} is {job.state.value}: only a job that succeeded can be repeated.")
    with tempfile.TemporaryDirectory(prefix="proteinx-capsule-") as temporary:
        folder = Path(temporary)
        _fill(master, job, folder, with_data=with_data, bar=bar)
        part = out.with_name(f"{out.name}.part")
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(folder.rglob("*")):
                if path.is_file():
                    archive.write(path, path.relative_to(folder))
        part.replace(out)
    return out


def _fill(master: Client, job: JobDetail, folder: Path, *, with_data: bool, bar: Bar | None) -> None:
    project_path = fetch_code(master, job.snapshot, folder / "code")
    with inputs_needed(job):
        fetched = {name: fetch_input(master, ref, folder / "data" / name, bar) for name, ref in job.inputs.items()}
    inputs = {
        name: {
            "reference": job.inputs[name],
            "files": capsule_run.digests(path),
            "path": path.relative_to(folder).as_posix() if with_data else None,
        }
        for name, path in fetched.items()
    }
    if not with_data:
        shutil.rmtree(folder / "data", ignore_errors=True)
    packages = lock.packages(master, job)
    expected = left(master, job.id)
    pins = {
        "format": FORMAT,
        "job": job.id,
        "name": job.name,
        "project": job.project,
        "snapshot": job.snapshot,
        "project_path": project_path,
        "entry_point": job.entry_point,
        "command": _command(job, folder / "code" / project_path),
        "placeholder": PLACEHOLDER,
        "inputs": inputs,
        "environment": _environment(job),
        "machine": job.attempts[-1].environment if job.attempts else {},
        "expected": {"metrics": expected.metrics, "files": expected.files},
    }
    _write_json(folder / "capsule.json", pins)
    _write_yaml(folder / "MLproject", _mlproject(job, [] if with_data else list(inputs)))
    _write_yaml(folder / "python_env.yaml", lock.python_env(packages, folder / "code" / project_path))
    (folder / "requirements.lock").write_text("".join(f"{name}=={version}\n" for name, version in packages.items()))
    if job.config is not None:
        _write_yaml(folder / "config.yaml", job.config)
    shutil.copyfile(capsule_run.__file__, folder / "reproduce.py")
    shutil.copyfile(verdict.__file__, folder / "verdict.py")
    (folder / "README.md").write_text(readme(job, master.url, sorted(inputs), with_data=with_data), encoding="utf-8")


def _command(job: JobDetail, project: Path) -> str:
    entry_point = load_entry_point(project, job.entry_point)
    parameters = dict(job.parameters) | {name: PLACEHOLDER.format(name) for name in job.inputs}
    return render(entry_point, with_overrides(entry_point, parameters, job.overrides))


def _environment(job: JobDetail) -> dict[str, str]:
    """Sums in another order give other last digits: as many threads as the job had."""
    threads = str(max(1, math.floor(job.resources.cpus)))
    found = {"OMP_NUM_THREADS": threads, "MKL_NUM_THREADS": threads}
    return found if job.resources.gpus else {**found, "CUDA_VISIBLE_DEVICES": ""}


def _mlproject(job: JobDetail, asked: list[str]) -> dict[str, Any]:
    """`asked`: inputs that are not in the capsule. MLflow looks for a default path where it is called, not here."""
    words = "".join(f" {name}={{{name}}}" for name in asked)
    main: dict[str, Any] = {"command": f"python reproduce.py{words}"}
    if asked:
        main["parameters"] = {name: {"type": "path"} for name in asked}
    return {"name": f"capsule-{job.id[:12]}", "python_env": "python_env.yaml", "entry_points": {"main": main}}


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False), encoding="utf-8")


def _write_yaml(path: Path, value: object) -> None:
    path.write_text(yaml.safe_dump(value, sort_keys=False, allow_unicode=True), encoding="utf-8")
