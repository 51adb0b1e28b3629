"""A snapshot's entry points, read once when it is stored."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.errors import Unprocessable
from app.models import Snapshot
from app.nearest import choices, hint
from app.projects.hydra_script import apply_options, hydra_main, script_call
from proteinx.contracts import mlproject
from proteinx.contracts.mlproject import EntryPoint, Parameter
from proteinx.contracts.projects import EntryPointView, ParameterView


def read(project: Path, scripts: Sequence[str]) -> list[dict[str, Any]]:
    """All entry points of the folder, as they are stored: the declared ones, and scripts, which MLflow runs too.

    Raises MLprojectError.
    """
    declared = mlproject.load(project)
    rows = [_row(project, entry_point, is_declared=True) for entry_point in declared.entry_points.values()]
    names = [name for name in scripts if name not in declared.entry_points]
    return rows + [_row(project, declared.entry_point(name, scripts), is_declared=False) for name in names]


def _row(project: Path, entry_point: EntryPoint, *, is_declared: bool) -> dict[str, Any]:
    view = EntryPointView(
        name=entry_point.name,
        parameters=[
            ParameterView(name=p.name, type=p.type, default=p.default, required=p.default is None)
            for p in entry_point.parameters.values()
        ],
        command=entry_point.command,
        config_name=_config_name(project, entry_point.command),
    )
    return {**view.model_dump(), "declared": is_declared}


def _config_name(project: Path, command: str) -> str | None:
    call = script_call(command)
    if call is None or not (project / call.script).is_file():
        return None
    main = hydra_main((project / call.script).read_text(encoding="utf-8", errors="replace"))
    options = tuple(word for word in call.words if word.startswith("-"))
    applied = apply_options(main, options) if main else None
    return applied[0].config_name if applied else None


def views(snapshot: Snapshot) -> list[EntryPointView]:
    """The declared ones: what a person chooses from."""
    return [EntryPointView.model_validate(row) for row in snapshot.entry_points if row.get("declared", True)]


def find(snapshot: Snapshot, name: str) -> EntryPointView:
    """Raises Unprocessable("unknown_entry_point") naming the nearest."""
    for row in snapshot.entry_points:
        if row["name"] == name:
            return EntryPointView.model_validate(row)
    known = [view.name for view in views(snapshot)]
    raise Unprocessable(
        "unknown_entry_point",
        f"There is no entry point {name!r}; there are: {choices(known)}.{hint(name, known)}",
        field="entry_point",
    )


def to_contract(view: EntryPointView) -> EntryPoint:
    parameters = {p.name: Parameter(p.name, p.type, p.default) for p in view.parameters}
    return EntryPoint(view.name, parameters, view.command)
