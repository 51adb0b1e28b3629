"""Composes and checks a job's Hydra config before anything is dispatched, without running a project's code."""

import json
import logging
import threading
from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from app.errors import Unprocessable
from app.limited import GIB, Limits, TimeoutExpiredError, run_python
from app.master import Master
from app.models import Snapshot
from app.projects import code, parameters
from app.projects.hydra_script import HydraMain, ScriptCall, apply_options, hydra_main, script_call
from app.settings import REPOSITORY
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


@dataclass(frozen=True, slots=True)
class Source:
    """Where a snapshot's script finds its config, and the words that its command gives to Hydra."""

    root: Path
    config_dir: Path
    main: HydraMain
    words: tuple[str, ...]
    trusted: frozenset[str]
    """Words that stand in the project's own command; all others come from a person."""


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
    source = find_source(master, snapshot, entry_point, command)
    answer = ask(master, source, "check") if source else None
    if answer is None:
        return Composed(None, {}, list(overrides))
    composed = Composed(answer["config"], answer["params"], list(overrides))
    with _cache_lock:
        _cache[key] = composed
        while len(_cache) > _CACHED:
            _cache.popitem(last=False)
    return composed


def find_source(master: Master, snapshot: Snapshot, entry_point: EntryPointView, command: str) -> Source | None:
    """None for a project without Hydra, and for one whose script does not say in literals where its config is."""
    if entry_point.config_name is None:
        return None
    call, template = script_call(command), script_call(entry_point.command)
    if call is None or template is None:
        return None
    root = code.unpacked(master, snapshot.digest)
    script = root / snapshot.project_path / call.script
    if not script.resolve().is_relative_to(root.resolve()) or not script.is_file():
        return None
    main = hydra_main(script.read_text(encoding="utf-8", errors="replace"))
    trusted = frozenset(word for word in template.words if "{" not in word)
    return _located(root, script, main, call, trusted) if main else None


def _located(root: Path, script: Path, main: HydraMain, call: ScriptCall, trusted: frozenset[str]) -> Source | None:
    options = tuple(word for word in call.words if word in trusted)
    applied = apply_options(main, options)
    if applied is None:
        return None
    chosen, kept = applied
    dropped = set(options) - set(kept)
    words = tuple(word for word in call.words if word not in dropped)
    if chosen.config_path is None or chosen.config_name is None:
        return None
    config_dir = (script.parent / chosen.config_path).resolve()
    if not config_dir.is_relative_to(root.resolve()) or not config_dir.is_dir():
        return None
    return Source(root.resolve(), config_dir, chosen, words, trusted)


def ask(master: Master, source: Source, mode: Literal["check", "form"]) -> dict[str, Any] | None:
    """What the child found; None if the config needs the project's code. Raises Unprocessable."""
    request = {
        "mode": mode,
        "root": str(source.root),
        "config_dir": str(source.config_dir),
        "config_name": source.main.config_name,
        "version_base": source.main.version_base,
        "words": [{"text": word, "trusted": word in source.trusted} for word in source.words],
    }
    limits = Limits(seconds=master.settings.compose_timeout, memory=_MEMORY)
    try:
        done = run_python(
            ["-P", "-s", "-m", "app.projects.composer"],
            limits,
            input=json.dumps(request).encode(),
            cwd=source.root,
            environment={"PYTHONPATH": str(REPOSITORY / "platform")},
        )
    except TimeoutExpiredError as error:
        raise Unprocessable(
            "config_timeout", f"The config was not composed in time: {error}. Make it smaller."
        ) from error
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError as error:
        log.exception("composing ended with %s: %s", done.returncode, done.stderr[-2000:].decode(errors="replace"))
        raise Unprocessable("config_failed", "The config can't be composed: it is damaged or far too large.") from error
    if answer.get("error"):
        raise Unprocessable(**answer["error"])
    return None if answer.get("needs_code") else answer
