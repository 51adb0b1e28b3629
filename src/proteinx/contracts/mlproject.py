"""Reads an MLproject file and renders an entry point's shell command, both as MLflow does, without MLflow.

The master checks jobs with it before anything is dispatched, the worker starts them with it, so both mean the same.
"""

import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Any, Final
from urllib.parse import urlparse

import yaml

PATH_TYPE: Final = "path"
OVERRIDES: Final = "overrides"
"""The string parameter that carries Hydra overrides; the project splits it with shlex."""
PYTHON_ENV: Final = "python_env.yaml"
CONDA_ENV: Final = "conda.yaml"
"""Files beside MLproject that MLflow takes without being told of them."""
MAX_BYTES: Final = 256 * 1024
_INTERPRETERS: Final = {".py": "python", ".sh": "bash"}


class MLprojectError(ValueError):
    """`code` is stable; `field` names the parameter or entry point at fault, where there is one."""

    def __init__(self, code: str, detail: str, field: str | None = None) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.field = field


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    type: str
    """string, float, path, uri; other words are taken as string, as MLflow does."""
    default: str | None
    """Null = required."""


@dataclass(frozen=True, slots=True)
class EntryPoint:
    name: str
    parameters: Mapping[str, Parameter]
    command: str

    @property
    def inputs(self) -> list[Parameter]:
        """The parameters that the platform binds to datasets and models."""
        return [parameter for parameter in self.parameters.values() if parameter.type == PATH_TYPE]


@dataclass(frozen=True, slots=True)
class DockerEnv:
    image: str
    environment: tuple[str | tuple[str, str], ...] = ()
    """A variable's name, to be passed on, or name and value."""
    volumes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MLproject:
    name: str | None
    entry_points: Mapping[str, EntryPoint]
    python_env: str | None = None
    """Path of the file, seen from the project's folder."""
    conda_env: str | None = None
    docker_env: DockerEnv | None = None

    def python_env_in(self, folder: Path) -> str | None:
        """The file that is named, else the usual one if it is there."""
        return self.python_env or _if_there(folder, PYTHON_ENV)

    def conda_env_in(self, folder: Path) -> str | None:
        return self.conda_env or _if_there(folder, CONDA_ENV)

    def entry_point(self, name: str, scripts: Iterable[str]) -> EntryPoint:
        """The declared entry point, or one made for a script among `scripts` (paths relative to the project).

        Raises MLprojectError("unknown_entry_point").
        """
        if name in self.entry_points:
            return self.entry_points[name]
        interpreter = _INTERPRETERS.get(Path(name).suffix)
        if interpreter and name in scripts:
            return EntryPoint(name, {}, f"{interpreter} {shlex.quote(name)}")
        known = ", ".join(self.entry_points) or "none"
        raise MLprojectError("unknown_entry_point", f"There is no entry point {name!r}; there are: {known}.", name)


def is_mlproject(filename: str) -> bool:
    """MLflow takes the name in any case."""
    return filename.lower() == "mlproject"


def is_script(path: str) -> bool:
    """Whether MLflow would run a file of this name as an entry point that is not declared."""
    return Path(path).suffix in _INTERPRETERS


def load(folder: Path) -> MLproject:
    """Reads the MLproject file of a project's folder. Raises MLprojectError."""
    found = sorted(path for path in folder.iterdir() if is_mlproject(path.name) and path.is_file())
    if not found:
        raise MLprojectError("no_mlproject", f"There is no MLproject file in {folder.name}; add one.")
    if found[0].stat().st_size > MAX_BYTES:
        raise MLprojectError("bad_mlproject", f"MLproject is larger than {MAX_BYTES // 1024} KiB.")
    try:
        return parse(found[0].read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise MLprojectError("bad_mlproject", "MLproject is not UTF-8 text.") from error


def load_entry_point(folder: Path, name: str) -> EntryPoint:
    """What `mlflow run -e name folder` would run. Raises MLprojectError."""
    return entry_point_of(load(folder), folder, name)


def entry_point_of(declared: MLproject, folder: Path, name: str) -> EntryPoint:
    """One of a project that is read already. Raises MLprojectError."""
    script = folder / name
    inside = script.resolve().is_relative_to(folder.resolve()) and script.is_file()
    return declared.entry_point(name, [name] if inside else [])


def parse(text: str) -> MLproject:
    """Raises MLprojectError("bad_mlproject") naming the entry point and parameter at fault."""
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise MLprojectError("bad_mlproject", f"MLproject is not valid YAML: {error}") from error
    if not isinstance(document, dict):
        raise MLprojectError("bad_mlproject", "MLproject must be a YAML mapping with entry_points.")
    declared = document.get("entry_points") or {}
    if not isinstance(declared, dict):
        raise MLprojectError("bad_mlproject", "entry_points must be a mapping of names to commands.", "entry_points")
    name = document.get("name")
    entry_points = {_word(key, "entry point"): _entry_point(key, value) for key, value in declared.items()}
    return MLproject(
        str(name) if name is not None else None,
        entry_points,
        python_env=_file(document, "python_env"),
        conda_env=_file(document, "conda_env"),
        docker_env=_docker_env(document.get("docker_env")),
    )


def _if_there(folder: Path, name: str) -> str | None:
    return name if (folder / name).is_file() else None


def _file(document: Mapping[str, Any], key: str) -> str | None:
    value = document.get(key)
    if value is None or (isinstance(value, str) and value):
        return value
    raise MLprojectError("bad_mlproject", f"{key} must name a file.", key)


def _docker_env(value: Any) -> DockerEnv | None:
    if value is None:
        return None
    image = value.get("image") if isinstance(value, dict) else None
    if not isinstance(image, str) or not image or image.startswith("-"):
        raise MLprojectError("bad_mlproject", "docker_env must be a mapping with an image.", "docker_env")
    variables = tuple(_variable(item) for item in value.get("environment") or ())
    volumes = value.get("volumes") or ()
    if not all(isinstance(item, str) for item in volumes):
        raise MLprojectError("bad_mlproject", "volumes of docker_env must be a list of texts.", "docker_env")
    return DockerEnv(image, variables, tuple(volumes))


def _variable(item: Any) -> str | tuple[str, str]:
    if isinstance(item, str) and item:
        return item
    if isinstance(item, list) and len(item) == 2 and all(isinstance(part, str) for part in item):
        return (item[0], item[1])
    told = "environment of docker_env must hold names, or [name, value] pairs of texts."
    raise MLprojectError("bad_mlproject", told, "docker_env")


def _word(key: Any, what: str) -> str:
    """YAML reads `on`, `yes`, `true` and numbers as other things than text, and MLflow then never finds them."""
    if isinstance(key, str):
        return key
    raise MLprojectError("bad_mlproject", f"YAML reads the {what} name {key!r} as no text; quote it.", str(key))


def _entry_point(name: str, value: Any) -> EntryPoint:
    if not isinstance(value, dict):
        raise MLprojectError("bad_mlproject", f"Entry point {name!r} must be a mapping with a command.", name)
    command = value.get("command")
    if not isinstance(command, str) or not command.strip():
        raise MLprojectError("bad_mlproject", f"Entry point {name!r} has no command.", name)
    parameters = value.get("parameters") or {}
    if not isinstance(parameters, dict):
        raise MLprojectError("bad_mlproject", f"The parameters of {name!r} must be a mapping.", name)
    parsed = {_word(key, "parameter"): _parameter(key, item) for key, item in parameters.items()}
    entry_point = EntryPoint(name, parsed, command)
    _placeholders(entry_point)
    return entry_point


def _parameter(name: str, value: Any) -> Parameter:
    if isinstance(value, str):
        return Parameter(name, value, None)
    if not isinstance(value, dict):
        raise MLprojectError("bad_mlproject", f"Parameter {name!r} must be a type or {{type, default}}.", name)
    default = value.get("default")
    if isinstance(default, dict | list):
        raise MLprojectError("bad_mlproject", f"The default of parameter {name!r} must be one value; quote it.", name)
    kind = value.get("type", "string")
    if not isinstance(kind, str):
        raise MLprojectError("bad_mlproject", f"The type of parameter {name!r} must be a word.", name)
    return Parameter(name, kind, None if default is None else str(default))


def _placeholders(entry_point: EntryPoint) -> set[str]:
    """The names in braces, each plain: a format such as `{x:>99999}` or `{x.y}` has no place in a command."""
    try:
        pieces = list(Formatter().parse(entry_point.command))
    except ValueError as error:
        raise MLprojectError(
            "bad_mlproject",
            f"The command of {entry_point.name!r} has a stray brace ({error}); write {{{{ and }}}} for literal ones.",
            entry_point.name,
        ) from error
    names = set()
    for _, name, spec, conversion in pieces:
        if name is None:
            continue
        if spec or conversion or name not in entry_point.parameters:
            raise MLprojectError(
                "bad_mlproject",
                f"The command of {entry_point.name!r} uses {{{name}}}, which is no declared parameter; "
                "declare it, or write {{ and }} for literal braces.",
                name,
            )
        names.add(name)
    return names


def render(entry_point: EntryPoint, parameters: Mapping[str, str]) -> str:
    """The command for `bash -c`: each value quoted as one word, what is not declared appended as `--name value`.

    Raises MLprojectError("missing_parameter" | "wrong_type") naming the parameter.
    """
    values = {}
    for name, parameter in entry_point.parameters.items():
        value = parameters.get(name, parameter.default)
        if value is None:
            raise MLprojectError("missing_parameter", f"Parameter {name!r} has no default: give it a value.", name)
        if parameter.type == "uri" and not urlparse(value).scheme:
            raise MLprojectError("wrong_type", f"Parameter {name!r} must be a URI, not {value!r}.", name)
        values[name] = shlex.quote(value)
    extra = [f"--{shlex.quote(name)} {shlex.quote(value)}" for name, value in parameters.items() if name not in values]
    return " ".join([entry_point.command.format(**values), *extra])


def with_overrides(entry_point: EntryPoint, parameters: Mapping[str, str], overrides: Sequence[str]) -> dict[str, str]:
    """`parameters` with the Hydra overrides put, quoted for shlex, after what the parameter `overrides` says already.

    Raises MLprojectError("no_overrides") if there are overrides and the entry point has no parameter for them.
    """
    if not overrides:
        return dict(parameters)
    declared = entry_point.parameters.get(OVERRIDES)
    if declared is None:
        raise MLprojectError(
            "no_overrides",
            f"The entry point {entry_point.name!r} takes no overrides: it declares no parameter {OVERRIDES!r}.",
            OVERRIDES,
        )
    given = parameters.get(OVERRIDES, declared.default) or ""
    return {**parameters, OVERRIDES: f"{given} {shlex.join(overrides)}".strip()}
