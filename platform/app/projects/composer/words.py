"""The words that a command gives to Hydra: split, parsed, and refused where they reach beyond the config."""

import re
import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override
from hydra.errors import HydraException

from app.projects.composer.refusal import RefusedError
from proteinx.contracts.phrases import say

RESOLVER = re.compile(r"\$\{[^}]*:")
LIST = "overrides"


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    trusted: bool
    """Stands in the project's own command; the others come from a person."""
    override: Override


def read(words: Iterable[Mapping[str, Any]], inputs: Mapping[str, str]) -> list[Word]:
    """Raises RefusedError for what is no override, and for a person's that is none of the config's business.

    `inputs` has the keys that are set from inputs, each with the input's name.
    """
    found: list[Word] = []
    for word in words:
        key, sign, value = word["text"].partition("=")
        if key != LIST or not sign:
            found.append(_parse(word["text"], trusted=word["trusted"] or key in inputs))
            continue
        # MLflow hands `overrides=a=1 b=2` over as one word; the project's library splits it as a shell would.
        for text in _split(value):
            found.append(_parse(text, trusted=False))
            _refuse_input(found[-1].override, inputs)
    return found


def _refuse_input(override: Override, inputs: Mapping[str, str]) -> None:
    for key in _keys(override.key_or_group, override.value()):
        for bound, name in inputs.items():
            if f"{key}.".startswith(f"{bound}."):
                detail = say("input_is_set", key=key, input=name)
                raise RefusedError("input_override", detail, key)


def _keys(key: str, value: Any) -> Iterator[str]:
    """The key, and those that a mapping sets below it."""
    yield key
    if isinstance(value, dict):
        for inner, below in value.items():
            yield from _keys(f"{key}.{inner}", below)


def _split(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError as error:
        detail = say("quotation_open", detail=error)
        raise RefusedError("bad_override", detail, LIST) from error


def _parse(text: str, *, trusted: bool) -> Word:
    if not trusted and text.startswith("-"):
        detail = f"{text!r} is an option of Hydra's command line; only overrides such as key=value may be given."
        raise RefusedError("hydra_override", detail, LIST)
    if not trusted and RESOLVER.search(text):
        detail = f"{text!r} uses a resolver (${{name:...}}), which could read the environment; write the value itself."
        raise RefusedError("override_reads_environment", detail, text.split("=", maxsplit=1)[0])
    try:
        override: Override = OverridesParser.create().parse_override(text)
    except HydraException as error:
        detail = say("no_override", text=text)
        raise RefusedError("bad_override", detail, LIST) from error
    if not trusted:
        _refuse_beyond(text, override)
    return Word(text, trusted, override)


def _refuse_beyond(text: str, override: Override) -> None:
    key, package = override.key_or_group, override.package or ""
    if any(re.match(r"hydra($|[./])", name) for name in (key, package)):
        detail = say("hydras_own", key=key)
        raise RefusedError("hydra_override", detail, key)
    if override.is_sweep_override():
        detail = say("several_runs", text=text)
        raise RefusedError("sweep_in_override", detail, key)
    value = override.value()
    chosen = value if isinstance(value, list) else [value]
    climbs = [name for name in [key, *chosen] if isinstance(name, str) and ".." in name.split("/")]
    if climbs and ("/" in climbs[0] or climbs[0] == ".."):
        raise RefusedError("bad_override", f"{text!r} leads out of the config's folder.", key)
