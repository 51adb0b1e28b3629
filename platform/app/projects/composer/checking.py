"""Holds a person's overrides against the config that they are for, then composes the whole."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from hydra import compose
from hydra.core.config_loader import ConfigLoader
from hydra.core.global_hydra import GlobalHydra
from hydra.core.object_type import ObjectType
from hydra.core.override_parser.types import Override
from hydra.errors import HydraException
from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException

from app.projects.composer.refusal import RefusedError, brief, unknown_choice, unknown_key
from app.projects.composer.types import MISSING, misfit
from app.projects.composer.words import Word
from app.projects.flat import flatten
from proteinx.contracts.phrases import say

_INDEX = re.compile(r"\[(\d+)\]")


def check(config_name: str, words: Sequence[Word]) -> dict[str, Any]:
    """The composed config and its leaves. Raises RefusedError naming the key; Hydra's errors if the YAML is wrong."""
    repository = Repository(GlobalHydra.instance().config_loader())
    groups = [word for word in words if repository.is_group(word.override)]
    for word in groups:
        repository.check_choice(word.override)
    values = [word for word in words if not word.trusted and word not in groups]
    if values:
        base = _fitting(config_name, words, [word for word in words if word not in values])
        for word in values:
            _check_value(word.override, base, repository)
    config = _fitting(config_name, words, words)
    leaves = dict(flatten(config))
    missing = [key for key, value in leaves.items() if value == MISSING]
    if missing:
        code = "values_missing" if len(missing) > 1 else "value_missing"
        raise RefusedError("missing_value", say(code, key=missing[0], others=", ".join(missing[1:6])), missing[0])
    return {"config": config, "params": {key: str(value) for key, value in leaves.items()}}


def _fitting(config_name: str, words: Sequence[Word], chosen: Sequence[Word]) -> dict[str, Any]:
    """The config with the chosen words. If it fails with the project's own alone, its own error is raised."""
    try:
        return plain(config_name, [word.text for word in chosen])
    except (HydraException, OmegaConfBaseException) as error:
        plain(config_name, [word.text for word in words if word.trusted])
        detail = say("overrides_misfit", detail=brief(error))
        raise RefusedError("bad_override", detail, "overrides") from error


def plain(config_name: str, overrides: list[str]) -> dict[str, Any]:
    """The composed config as plain values, nothing resolved."""
    config = OmegaConf.to_container(compose(config_name, overrides), resolve=False)
    assert isinstance(config, dict)  # noqa: S101  Hydra's root always is
    return {str(key): value for key, value in config.items()}


class Repository:
    """The config groups of the project."""

    def __init__(self, loader: ConfigLoader) -> None:
        self._loader = loader

    def is_group(self, override: Override) -> bool:
        """A mapping for a group's name is a value, as Hydra has it."""
        return not isinstance(override.value(), dict) and bool(self.options(override.key_or_group))

    def options(self, group: str) -> list[str]:
        return list(self._loader.get_group_options(group, results_filter=ObjectType.CONFIG))

    def check_choice(self, override: Override) -> None:
        value = override.value()
        for choice in value if isinstance(value, list) else [value]:
            if choice is None or override.is_delete():
                continue
            options = self.options(override.key_or_group)
            folder, _, name = str(choice).rpartition("/")
            nested = self.options(f"{override.key_or_group}/{folder}") if folder else options
            if name not in nested:
                raise unknown_choice(override.key_or_group, str(choice), options)

    def names(self) -> list[str]:
        return [name for name in self._loader.list_groups("") if name != "hydra"]


def _check_value(override: Override, base: dict[str, Any], repository: Repository) -> None:
    if override.is_add() or override.is_force_add():
        return
    key = override.key_or_group
    found, present = _find(base, key)
    if not found:
        raise unknown_key(key, [*_keys(base), *repository.names()])
    if override.is_delete():
        return
    expected = misfit(present, override.value())
    if expected:
        detail = say("wrong_type_here", key=key, expected=expected, present=repr(present))
        raise RefusedError("wrong_type", detail, key)
    if isinstance(present, dict) and present:
        for inner in override.value() or {}:
            if inner not in present:
                raise unknown_key(f"{key}.{inner}", _keys(base))


def _find(config: Any, key: str) -> tuple[bool, Any]:
    value = config
    for part in _INDEX.sub(r".\1", key).split("."):
        if isinstance(value, dict) and part in {str(name) for name in value}:
            value = next(inner for name, inner in value.items() if str(name) == part)
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            return False, None
    return True, value


def _keys(value: Any, prefix: str = "") -> Iterator[str]:
    """All dotted keys, inner ones too."""
    if isinstance(value, dict):
        for key, inner in value.items():
            name = f"{prefix}.{key}" if prefix else str(key)
            yield name
            yield from _keys(inner, name)
