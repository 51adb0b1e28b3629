"""Composes and checks a job's Hydra config before anything is dispatched, without running a project's code."""

import json
import logging
import threading
from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from app.errors import Unprocessable
from app.limited import GIB, Limits, TimeoutExpiredError
from app.master import Master
from app.models import Snapshot
from app.projects import composing, parameters, source
from app.projects.source import Source
from proteinx.contracts.projects import EntryPointView

log = logging.getLogger(__name__)

_MEMORY: Final = GIB
_CACHED: Final = 256


@dataclass(frozen=True, slots=True)
class Composed:
    config: dict[str, Any] | None
    """Interpolations unresolved; None where only the worker, with the project's code, can compose it."""
    params: dict[str, str]
    """The config's leaves by dotted key."""
    overrides: list[str] = field(default_factory=list)


_cache: OrderedDict[tuple[str, str, str], Composed] = OrderedDict()
_cache_lock = threading.Lock()


def check(  # noqa: PLR0917  what jobs calls it with
    master: Master,
    snapshot: Snapshot,
    entry_point: EntryPointView,
    values: Mapping[str, str],
    overrides: Sequence[str],
    input_names: Collection[str],
) -> Composed:
    """Raises Unprocessable naming the key or parameter at fault and, where there is one, the nearest valid one."""
    command = parameters.render(entry_point, values, overrides, input_names)
    key = (snapshot.digest, entry_point.name, command)
    with _cache_lock:
        if key in _cache:
            _cache.move_to_end(key)
            return _cache[key]
    found = source.find(master, snapshot, entry_point, command)
    answer = ask(master, found, "check") if found else None
    if answer is None:
        return Composed(None, {}, list(overrides))
    composed = Composed(answer["config"], answer["params"], list(overrides))
    with _cache_lock:
        _cache[key] = composed
        while len(_cache) > _CACHED:
            _cache.popitem(last=False)
    return composed


def ask(master: Master, found: Source, mode: Literal["check", "form"]) -> dict[str, Any] | None:
    """What the child found; None if the config needs the project's code. Raises Unprocessable."""
    request = {
        "mode": mode,
        "root": str(found.root),
        "config_dir": str(found.config_dir),
        "config_name": found.main.config_name,
        "version_base": found.main.version_base,
        "inputs": dict(found.inputs),
        "words": [{"text": word, "trusted": word in found.trusted} for word in found.words],
    }
    limits = Limits(seconds=master.settings.compose_timeout, memory=_MEMORY)
    try:
        text = composing.compose(request, limits)
    except TimeoutExpiredError as error:
        detail = f"The config was not composed in time: {error}. Make it smaller."
        raise Unprocessable("config_timeout", detail) from error
    try:
        answer: dict[str, Any] = json.loads(text)
    except ValueError as error:
        log.exception("composing failed: %s", text[-2000:].decode(errors="replace"))
        raise Unprocessable("config_failed", "The config can't be composed: it is damaged or far too large.") from error
    if answer.get("error"):
        raise Unprocessable(**answer["error"])
    return None if answer.get("needs_code") else answer
