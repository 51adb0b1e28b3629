"""A container from the project's image: it sees what the job may see, the relay, and its GPUs.

The container is the confinement. Its client is no part of the job, and passes TERM on to it.
"""

import csv
import io
import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

from proteinx.contracts.jobs import GIB, JobSpec
from proteinx.contracts.mlproject import DockerEnv
from worker.environments.base import CannotHave, Site
from worker.environments.building import Plan, run
from worker.launch import Launch
from worker.processes import COOKIE

_OF_THE_MACHINE: Final = frozenset(
    {"PATH", "LD_LIBRARY_PATH", "CUDA_HOME", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"}
)
"""Paths that mean nothing, or something else, inside an image."""
_FROM_SUPERVISOR: Final = ("MLFLOW_TRACKING_URI", "PROTEINX_SERVING_URL", COOKIE)
_ANSWER_SECONDS: Final = 30.0


class Docker:
    def __init__(self, wanted: DockerEnv) -> None:
        """Raises CannotHave."""
        if wanted.volumes:
            raise CannotHave(
                "docker_env asks for volumes: a job sees its code, inputs and outputs only. Make the data a dataset, "
                "or put it into the image"
            )
        self._wanted = wanted
        self._program = find()

    @property
    def label(self) -> str:
        return f"docker {self._wanted.image}"

    def make(self, site: Site) -> None:
        if not _has_image(self._program, self._wanted.image):
            plan = Plan([[self._program, "pull", self._wanted.image]], str(site.project), {}, confine=False)
            run(site, plan, self.label)

    def adapt(self, launch: Launch, spec: JobSpec, site: Site) -> None:
        launch.environment |= {name: value for name, value in os.environ.items() if name.startswith("DOCKER_")}
        launch.environment |= dict(item for item in self._wanted.environment if not isinstance(item, str))
        launch.arguments = command(self._program, self._wanted, launch, spec, site)
        launch.cleanup = [self._program, "rm", "--force", "--volumes", _name(launch)]
        launch.confine = False


def find() -> str:
    """Raises CannotHave."""
    program = shutil.which("docker")
    if program is None:
        raise CannotHave(
            "the project asks for Docker, and this worker has none: install it, give the job to a worker that has it "
            "by a label, or submit with environment=own"
        )
    return program


def command(program: str, wanted: DockerEnv, launch: Launch, spec: JobSpec, site: Site) -> list[str]:
    """Values of variables, tokens among them, are taken from the client's environment: none is in an argument."""
    resources = spec.resources
    gpus = ["--gpus", f'"device={",".join(launch.gpu_uuids)}"'] if launch.gpu_uuids else []
    memory = ["--memory", str(launch.memory)] if launch.memory else []
    shared_memory = str(max(GIB, launch.memory // 2))  # 64 MB, as it comes, is too little for loaders of data
    return [
        *(program, "run", "--rm", "--init", "--name", _name(launch), "--user", f"{os.getuid()}:{os.getgid()}"),
        *("--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--network", "host"),
        *("--cpus", f"{resources.cpus:g}", *memory, "--shm-size", shared_memory, *gpus),
        *(word for mount in _mounts(site) for word in ("--mount", mount)),
        *(word for name in _variables(wanted, launch) for word in ("--env", name)),
        *("--workdir", launch.folder, "--entrypoint", "/bin/sh", wanted.image, "-c", launch.command),
    ]


def _name(launch: Launch) -> str:
    return f"proteinx-{launch.cookie}"


def _variables(wanted: DockerEnv, launch: Launch) -> list[str]:
    named = {item if isinstance(item, str) else item[0] for item in wanted.environment}
    own = {name for name in launch.environment if name not in _OF_THE_MACHINE and not name.startswith("DOCKER_")}
    return sorted((own | named) & launch.environment.keys() | set(_FROM_SUPERVISOR))


def _mounts(site: Site) -> list[str]:
    attempt = site.attempt
    mounts = [_mount(attempt.work)]
    mounts += [_mount(path, readonly=True) for path in (attempt.inputs, attempt.resume) if path.is_dir()]
    if any(path.is_symlink() for folder in (attempt.inputs, attempt.resume) for path in folder.rglob("*")):
        mounts.append(_mount(site.cache.blobs, readonly=True))  # the cache is on another disk than the attempt
    return mounts


def _mount(path: Path, *, readonly: bool = False) -> str:
    fields = ["type=bind", f"source={path}", f"target={path}", *(["readonly"] if readonly else [])]
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(fields)
    return line.getvalue()


def _has_image(program: str, image: str) -> bool:
    """Raises CannotHave where nobody answers."""
    try:
        asked = subprocess.run(
            [program, "image", "inspect", "--format", "{{.Id}}", image],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=_ANSWER_SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise CannotHave(f"Docker does not answer on this worker within {_ANSWER_SECONDS:g} s") from error
    problem = asked.stderr.strip()
    if asked.returncode != 0 and "no such image" not in problem.lower():
        raise CannotHave(f"Docker does not answer on this worker: {problem.splitlines()[-1] if problem else 'silent'}")
    return asked.returncode == 0
