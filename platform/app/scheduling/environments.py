"""Environments as placement sees them: a label that workers carry which can make one, and that a job's need has.

No person can give a label of this form, so it means nothing else; views leave it out.
"""

from collections.abc import Mapping
from typing import Final, get_args

from proteinx.contracts.jobs import EnvironmentKind, Resources

_PREFIX: Final = "environment:"
_YES: Final = "yes"
_EVERYWHERE: Final = frozenset({"auto", "own"})
"""What any worker can give; with `auto` the worker decides."""


def needing(resources: Resources, environment: str) -> Resources:
    """The same resources, on a worker that can give this environment."""
    if environment in _EVERYWHERE:
        return resources
    return resources.model_copy(update={"labels": {**resources.labels, f"{_PREFIX}{environment}": _YES}})


def labels_of(offered: Mapping[str, str] | None) -> dict[str, str]:
    """What a worker carries. One whose agent is too old to say may be able to give any."""
    kinds = get_args(EnvironmentKind) if offered is None else offered
    return {f"{_PREFIX}{kind}": _YES for kind in kinds if kind not in _EVERYWHERE}


def given(labels: Mapping[str, str]) -> dict[str, str]:
    """Those that agents and admins gave."""
    return {label: value for label, value in labels.items() if kind_of(label) is None}


def kind_in(labels: Mapping[str, str]) -> str | None:
    """The environment that a need's labels stand for."""
    return next((kind for label in labels if (kind := kind_of(label))), None)


def kind_of(label: str) -> str | None:
    return label.removeprefix(_PREFIX) if label.startswith(_PREFIX) else None
