"""The form of an entry point, drawn from its Hydra config with no project code run."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from sqlalchemy.orm import Session

from app.master import Master
from app.models import Project, Snapshot
from app.projects import compose, entry_points, environments, source
from app.projects.parameters import PLACEHOLDER
from app.projects.service import resolve_snapshot
from proteinx.contracts.mlproject import OVERRIDES, PATH_TYPE
from proteinx.contracts.projects import EntryPointView, FormField, FormSchema

Kind = Literal["choice", "integer", "number", "boolean", "string", "list", "mapping"]
_KINDS: dict[type, Kind] = {bool: "boolean", int: "integer", float: "number", list: "list", dict: "mapping"}
_MISSING = "???"


def find(session: Session, master: Master, name: str, entry_point: str) -> tuple[Project, Snapshot, EntryPointView]:
    """Raises NotFound, Unprocessable naming the nearest there is."""
    project, snapshot = resolve_snapshot(session, master, name, None)
    return project, snapshot, entry_points.find(snapshot, entry_point)


def draw(
    master: Master, project: Project, snapshot: Snapshot, view: EntryPointView, choices: Sequence[str] = ()
) -> FormSchema:
    """As the chosen groups (`model=ridge`) have it: each brings fields and values of its own.

    A project without Hydra, or whose config needs its own code, gets its MLproject parameters only.
    Raises Unprocessable for a choice that is not there.
    """
    command = view.command.format(**{p.name: _stand_in(p.name, p.type, p.default) for p in view.parameters})
    found = source.find(master, snapshot, view, command)
    answer = compose.ask(master, replace(found, words=(*found.words, *choices)), "form") if found else None
    bound = source.bound_keys(view)
    return FormSchema(
        project=project.name,
        entry_point=view.name,
        snapshot=snapshot.digest,
        inputs=[p for p in view.parameters if p.type == PATH_TYPE],
        parameters=[p for p in view.parameters if p.type != PATH_TYPE and p.name != OVERRIDES],
        fields=_fields(answer, bound) if answer else [],
        checked_on="worker" if view.config_name is not None and answer is None else "master",
        environments=environments.declared(master, snapshot),
    )


def _stand_in(name: str, kind: str, default: str | None) -> str:
    return PLACEHOLDER.format(name=name) if kind == PATH_TYPE else "''" if default in (None, "") else str(default)


def _fields(answer: Mapping[str, Any], bound: Collection[str]) -> list[FormField]:
    groups = [
        FormField(
            key=group["name"],
            kind="choice",
            default=group["default"],
            required=group["default"] == _MISSING,
            help=group["help"],
            choices=group["choices"],
            group=True,
        )
        for group in answer["groups"]
    ]
    leaves = _leaves(answer["config"], "")
    help_texts: Mapping[str, str] = answer["help"]
    return groups + [_field(key, value, help_texts.get(key, "")) for key, value in leaves if key not in bound]


def _leaves(value: Any, prefix: str) -> list[tuple[str, Any]]:
    """Keys that start with an underscore say how to build an object; they are code, not settings."""
    if not isinstance(value, dict) or not value:
        return [(prefix, value)] if prefix else []
    return [
        leaf
        for key, inner in value.items()
        if not str(key).startswith("_")
        for leaf in _leaves(inner, f"{prefix}.{key}" if prefix else str(key))
    ]


def _field(key: str, value: Any, text: str) -> FormField:
    missing = value == _MISSING
    return FormField(
        key=key,
        kind=_KINDS.get(type(value), "string"),
        default=None if missing else value,
        required=missing,
        help=text,
    )
