"""Makes jobs from a notebook."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

from proteinx.client import Client
from proteinx.client.binding import Sending, bind
from proteinx.client.code_source import AT_THE_MASTER, is_git, resolve
from proteinx.client.wishes import Wishes
from proteinx.contracts.jobs import JobCreate
from proteinx.contracts.projects import SnapshotView
from proteinx.sdk.connection import master as connected
from proteinx.sdk.job import Job
from proteinx.sdk.progress import transfer

_OVERRIDES: Final = "overrides"


def submit(
    project: str | Path,
    *overrides: str,
    entry_point: str = "main",
    version: str | None = None,
    parameters: Mapping[str, Any] | None = None,
    **given: Any,
) -> Job:
    """Makes a job and returns at once.

    `project` is the name of one at the master, a folder with an MLproject file, a zip file, or a git URI. `overrides`
    are Hydra's, one each. What the entry point takes is given by its name (`data="gb1@1"`, `data=Path("my.csv")`) or
    in `parameters`; all else is a wish: gpus, memory="8G", time_limit="12h", name, experiment, tags, register_as ...

        job = px.submit("protein", "model=cnn", "trainer.max_epochs=5", data="gb1", gpus=1, memory="8G")

    Raises ApiError for what the master refuses, BadWish, BadInput, BadProject; then no job was made.
    """
    master = connected()
    code = _code(master, project, version, given.get("project_name"))
    declared = next((one for one in code.entry_points if one.name == entry_point), None)
    names = {one.name for one in declared.parameters} if declared else set()
    values = dict(parameters or {}) | {name: given.pop(name) for name in list(given) if name in names}
    wishes = Wishes.parse({"project" if key == "project_name" else key: value for key, value in given.items()}, names)
    bound = bind(master, declared, values, Sending(wishes.dataset, wishes.columns, transfer))
    request = JobCreate(
        project=code.project,
        entry_point=entry_point,
        snapshot=code.digest,
        parameters=bound.parameters,
        inputs=bound.inputs,
        overrides=[*bound.overrides, *overrides],
    )
    return Job(master.jobs.create(wishes.apply(request)).id, master)


def _code(master: Client, project: str | Path, version: str | None, name: str | None) -> SnapshotView:
    """A plain word is a project at the master; a folder is named by a path, `./name` at least."""
    text = str(project)
    is_place = isinstance(project, Path) or any(mark in text for mark in "/\\#:") or text.startswith(".")
    is_place = is_place or text.endswith(".zip") or is_git(text)
    return resolve(
        master, text if is_place else f"{AT_THE_MASTER}{text}", version, name=name, bar=partial(transfer, "code")
    )
