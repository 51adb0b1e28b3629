"""Which environment a job gets: what it asks for, else what MLproject names."""

from pathlib import Path

from proteinx.contracts.jobs import EnvironmentKind
from proteinx.contracts.mlproject import CONDA_ENV, PYTHON_ENV, MLproject
from worker.environments import python_env
from worker.environments.base import CannotHave, Environment
from worker.environments.conda import Conda
from worker.environments.docker import Docker
from worker.environments.own import Own, has_all_of
from worker.environments.python_env import PythonEnv
from worker.environments.venv import Venv


def choose(kind: EnvironmentKind, declared: MLproject, project: Path) -> Environment:
    """Raises CannotHave.

    `auto` takes docker_env, conda_env, python_env in this order; as MLflow does, also files of the usual names that
    MLproject does not mention. Where the worker's own environment has all of a python_env, it is the one.
    """
    python_file = declared.python_env_in(project)
    conda_file = declared.conda_env_in(project)
    match kind:
        case "own":
            return Own(_readable(project, python_file))
        case "venv":
            return Venv(python_env.load(project, _named(python_file, "venv", PYTHON_ENV)), project)
        case "conda":
            return Conda(project, _named(conda_file, "conda", CONDA_ENV))
        case "docker":
            if declared.docker_env is None:
                raise CannotHave("the job asks for environment=docker, and MLproject has no docker_env with an image")
            return Docker(declared.docker_env)
        case "auto":
            return _automatic(declared, project, python_file, conda_file)


def _automatic(declared: MLproject, project: Path, python_file: str | None, conda_file: str | None) -> Environment:
    if declared.docker_env is not None:
        return Docker(declared.docker_env)
    if declared.conda_env is not None or (conda_file is not None and python_file is None):
        return Conda(project, _named(conda_file, "conda", CONDA_ENV))
    if python_file is None:
        return Own()
    wanted = python_env.load(project, python_file)
    return Own(wanted) if has_all_of(wanted) else Venv(wanted, project)


def _readable(project: Path, file: str | None) -> PythonEnv | None:
    """Nothing is made of it: one that can't be read is no matter here."""
    try:
        return None if file is None else python_env.load(project, file)
    except CannotHave:
        return None


def _named(file: str | None, kind: str, default: str) -> str:
    if file is None:
        raise CannotHave(f"the job asks for environment={kind}, and the project has no {default}")
    return file
