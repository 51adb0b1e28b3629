"""Checks a job's MLproject parameters and renders the command that the worker will run."""

from collections.abc import Collection, Mapping, Sequence

from app.errors import Unprocessable
from app.nearest import choices, hint
from app.projects import entry_points
from proteinx.contracts import mlproject
from proteinx.contracts.mlproject import PATH_TYPE, EntryPoint, MLprojectError
from proteinx.contracts.phrases import say
from proteinx.contracts.projects import EntryPointView

PLACEHOLDER = "/inputs/{name}"
"""Stands for an input's path, which only the worker knows."""


def render(
    view: EntryPointView, parameters: Mapping[str, str], overrides: Sequence[str], input_names: Collection[str]
) -> str:
    """Raises Unprocessable naming the parameter: unknown, missing, of the wrong type, or an input."""
    entry_point = entry_points.to_contract(view)
    for name, value in parameters.items():
        _check(entry_point, view, name, value)
    placeholders = {name: PLACEHOLDER.format(name=name) for name in input_names}
    try:
        return mlproject.render(
            entry_point, {**mlproject.with_overrides(entry_point, parameters, overrides), **placeholders}
        )
    except MLprojectError as error:
        field = f"parameters.{error.field}" if error.code != "no_overrides" else "overrides"
        raise Unprocessable(error.code, str(error), field=field) from error


def _check(entry_point: EntryPoint, view: EntryPointView, name: str, value: str) -> None:
    field = f"parameters.{name}"
    parameter = entry_point.parameters.get(name)
    if parameter is None:
        if view.config_name is not None:  # Hydra would refuse `--name value`, which is what MLflow makes of it
            known = entry_point.parameters
            raise Unprocessable(
                "unknown_parameter",
                say(
                    "no_such_parameter",
                    entry_point=view.name,
                    name=name,
                    choices=choices(known),
                    hint=hint(name, known),
                ),
                field=field,
            )
        return
    if parameter.type == PATH_TYPE:
        raise Unprocessable(
            "parameter_is_input", f"{name!r} is an input: give it in `inputs`, as a dataset or model.", field=field
        )
    if parameter.type == "float" and not _is_number(value):
        raise Unprocessable("wrong_type", say("number_needed", name=name, value=value), field=field)


def _is_number(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True
