"""The worker's own environment: the one that can be started warm."""

import platform
import re
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path
from typing import Final

from packaging.requirements import InvalidRequirement, Requirement

from proteinx.contracts.jobs import JobSpec
from worker.environments.base import Site
from worker.environments.installed import in_worker
from worker.environments.python_env import PythonEnv
from worker.launch import Launch
from worker.machine import FINGERPRINT
from worker.warm.imports import needs_libraries

_EXTRA: Final = re.compile(r"\bextra\b")


class Own:
    label = "own"

    def __init__(self, wanted: PythonEnv | None = None) -> None:
        """`wanted`: what the project's python_env.yaml names, where it has one."""
        self._wanted = wanted

    def make(self, site: Site) -> None:
        """It is there."""

    def adapt(self, launch: Launch, spec: JobSpec, site: Site) -> None:
        # A member of a gang finds its rank in its environment, and libraries look for it while they are imported.
        launch.warm = spec.warm_start and spec.world_size == 1
        launch.libraries = launch.warm and needs_libraries(launch.command, Path(launch.folder))
        named = self._wanted.names() if self._wanted is not None else []
        launch.packages = {"python": platform.python_version(), **in_worker([*FINGERPRINT, *named])}


def has_all_of(wanted: PythonEnv) -> bool:
    """Whether the worker's own environment satisfies a python_env.yaml, so that no other need be made."""
    if wanted.python is not None and not f"{platform.python_version()}.".startswith(f"{wanted.python}."):
        return False
    return all(_is_here(line) for line in wanted.dependencies)


def _is_here(line: str) -> bool:
    """False for whatever is no plain requirement, such as an option or a path: it may mean anything."""
    try:
        requirement = Requirement(line)
    except InvalidRequirement:
        return False
    return requirement.url is None and _satisfied(requirement, seen=set())


def _satisfied(requirement: Requirement, seen: set[str]) -> bool:
    if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
        return True
    try:
        distribution = metadata.distribution(requirement.name)
    except metadata.PackageNotFoundError:
        return False
    if not requirement.specifier.contains(distribution.version, prereleases=True):
        return False
    return all(
        _satisfied(part, seen | {str(requirement)})
        for part in _of_extras(distribution.requires or (), requirement.extras)
        if str(part) not in seen
    )


def _of_extras(lines: Iterable[str], extras: set[str]) -> list[Requirement]:
    """What a package's extras ask for beside it; what it asks for anyway, its installer has seen to."""
    found = []
    for line in lines:
        part = Requirement(line)
        if part.marker is None or not _EXTRA.search(str(part.marker)):
            continue
        if any(part.marker.evaluate({"extra": extra}) for extra in extras):
            part.marker = None
            found.append(part)
    return found
