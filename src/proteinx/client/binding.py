"""Sorts what a person gives an entry point, as `mlflow run -P` does, into inputs, parameters and overrides.

A parameter of type `path` is an input: a dataset, a registered model, or a local file, which is sent once.
"""

import re
import shlex
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlparse

from proteinx.client.client import Client
from proteinx.client.errors import ApiError
from proteinx.client.uploads import Progress, sha256_of
from proteinx.contracts.datasets import ColumnNames, VersionView
from proteinx.contracts.mlproject import OVERRIDES, PATH_TYPE
from proteinx.contracts.projects import EntryPointView

_DATASET: Final = re.compile(r"[^\s/@:\\]{1,100}(@([1-9]\d{0,8}|latest))?")
_UNFIT: Final = re.compile(r"[\s/@:\\]+")
_FILE: Final = re.compile(
    r"\.(csv|tsv|tab|fasta|fa|faa|fas|a2m|a3m|sto|aln|pdb|ent|cif|txt|json|npy|npz|h5|parquet|pt|zip|gz)$",
    re.IGNORECASE,
)

Bar = Callable[[str, int], AbstractContextManager[Progress]]
"""Opens a progress bar with a label for so many bytes."""


@dataclass(frozen=True, slots=True)
class Sending:
    """How local files are sent."""

    dataset: str | None = None
    """The dataset's name; without it one that fits the file's."""
    columns: ColumnNames | None = None
    """Which columns of a table hold what; without it they are found by their usual names."""
    bar: Bar | None = None


class BadInput(ValueError):
    """A value that is neither a file here nor something the master could know."""


@dataclass(slots=True)
class Bound:
    inputs: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)
    overrides: list[str] = field(default_factory=list)


def bind(
    master: Client,
    entry_point: EntryPointView | None,
    values: Mapping[str, Any],
    how: Sending = Sending(),
) -> Bound:
    """`entry_point` is None where only a script is run, which declares nothing. None as a value means not given.

    Raises BadInput naming the parameter, ApiError, OSError.
    """
    kinds = {parameter.name: parameter for parameter in entry_point.parameters} if entry_point else {}
    bound = Bound()
    for name, value in values.items():
        if value is None:
            continue
        declared = kinds.get(name)
        if declared is not None and declared.type == PATH_TYPE:
            bound.inputs[name] = reference(master, name, str(value), how)
        elif name == OVERRIDES and declared is not None and not declared.default:
            bound.overrides += _words(str(value))
        else:
            bound.parameters[name] = str(value)
    return bound


def reference(master: Client, name: str, value: str, how: Sending = Sending()) -> str:
    """What the job's input is called at the master. Raises BadInput."""
    if value.startswith(("models:/", "runs:/")):
        return value
    path = _local(name, value)
    if path.is_file():
        return send_file(master, path, how)
    if path.is_dir():
        raise BadInput(f"{name}: {value} is a folder; give one file, or upload its files as datasets.")
    if _DATASET.fullmatch(value) and not _FILE.search(value):
        return value
    raise BadInput(
        f"{name}: there is no file {value!r} in {Path.cwd()}. Give a file that is there, a dataset as name@version, "
        "a model as models:/name/version, or a run's artifact as runs:/run/path."
    )


def send_file(master: Client, path: Path, how: Sending = Sending()) -> str:
    """`<dataset>@<version>` of the file's content: one that is there already, or a new one.

    A version is taken only if its file's name ends alike, since the ending tells what is in it, and if it reads its
    columns as wanted.
    """
    digest = sha256_of(path)
    known = [item for item in master.datasets.with_content(digest) if _fits(item, path, how)]
    same_name = [item for item in known if item.filename == path.name]
    version = next(iter(same_name or known), None) or _upload(master, path, digest, how)
    return f"{version.dataset}@{version.number}"


def _fits(version: VersionView, path: Path, how: Sending) -> bool:
    wanted = how.columns.model_dump(exclude_none=True) if how.columns else {}
    return (
        _ending(Path(version.filename)) == _ending(path)
        and how.dataset in (None, version.dataset)
        and wanted.items() <= version.columns.model_dump().items()
    )


def _upload(master: Client, path: Path, digest: str, how: Sending) -> VersionView:
    name = how.dataset or dataset_name(path.name.split(".")[0])
    opened = how.bar(path.name, path.stat().st_size) if how.bar else nullcontext(None)
    with opened as progress:
        try:
            return master.datasets.upload(name, path, sha256=digest, columns=how.columns, progress=progress)
        except ApiError as error:
            if error.code != "forbidden" or how.dataset is not None:
                raise
        mine = dataset_name(f"{name[:60]}.{master.accounts.me().name}")  # that name is somebody else's
        return master.datasets.upload(mine, path, sha256=digest, columns=how.columns, progress=progress)


def dataset_name(text: str) -> str:
    """`text` with what a dataset's name may not hold put right."""
    return _UNFIT.sub("-", text).strip("-")[:100] or "data"


def _local(name: str, value: str) -> Path:
    parsed = urlparse(value)
    if parsed.scheme == "file":
        return Path(unquote(parsed.path))
    if len(parsed.scheme) > 1 and "/" in value:
        raise BadInput(
            f"{name}: {value} lies elsewhere; download it first and give the file, or upload it with `px data upload`."
        )
    return Path(value).expanduser()


def _ending(path: Path) -> str:
    return "".join(path.suffixes[-2:] if path.suffix == ".gz" else path.suffixes[-1:]).lower()


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError as error:
        raise BadInput(f"{OVERRIDES}: {text!r} has an open quote ({error}).") from error
