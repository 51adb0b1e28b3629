"""What a project declares that an environment for its jobs can be made from."""

from typing import Final

from app.errors import Unprocessable
from app.master import Master
from app.models import Snapshot
from app.projects import code
from proteinx.contracts import mlproject
from proteinx.contracts.jobs import EnvironmentKind
from proteinx.contracts.phrases import say

_MADE_FROM: Final[dict[EnvironmentKind, str]] = {
    "venv": mlproject.PYTHON_ENV,
    "conda": mlproject.CONDA_ENV,
    "docker": "docker_env",
}


def declared(master: Master, snapshot: Snapshot) -> dict[EnvironmentKind, str]:
    """Of each environment that can be made: the file, or the image."""
    project = code.unpacked(master, snapshot.digest) / snapshot.project_path
    read = mlproject.load(project)
    image = None if read.docker_env is None else read.docker_env.image
    found: dict[EnvironmentKind, str | None] = {
        "venv": read.python_env_in(project),
        "conda": read.conda_env_in(project),
        "docker": image,
    }
    return {kind: source for kind, source in found.items() if source is not None}


def require(master: Master, snapshot: Snapshot, wanted: EnvironmentKind) -> None:
    """Raises Unprocessable("undeclared_environment") where the project has nothing to make it from."""
    if wanted in _MADE_FROM and wanted not in declared(master, snapshot):
        detail = say("undeclared_environment", environment=wanted, file=_MADE_FROM[wanted])
        raise Unprocessable("undeclared_environment", detail, field="environment")
