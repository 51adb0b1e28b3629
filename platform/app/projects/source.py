"""Where a snapshot's script finds its Hydra config, and the words that its command gives to Hydra."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.master import Master
from app.models import Snapshot
from app.projects import code
from app.projects.hydra_script import HydraMain, ScriptCall, apply_options, hydra_main, script_call
from proteinx.contracts.mlproject import PATH_TYPE
from proteinx.contracts.projects import EntryPointView

_BOUND: Final = re.compile(r"([^=\s]+)=.*\{(\w+)\}.*")


@dataclass(frozen=True, slots=True)
class Source:
    root: Path
    """The unpacked snapshot."""
    config_dir: Path
    main: HydraMain
    words: tuple[str, ...]
    trusted: frozenset[str]
    """Words that stand in the project's own command; all others come from a person."""
    inputs: Mapping[str, str]
    """Config keys that the command sets from inputs, with the input's name."""


def find(master: Master, snapshot: Snapshot, entry_point: EntryPointView, command: str) -> Source | None:
    """None for a project without Hydra, and for one whose script does not say in literals where its config is."""
    if entry_point.config_name is None:
        return None
    call, template = script_call(command), script_call(entry_point.command)
    if call is None or template is None:
        return None
    root = code.unpacked(master, snapshot.digest).resolve()
    script = (root / snapshot.project_path / call.script).resolve()
    if not script.is_relative_to(root) or not script.is_file():
        return None
    main = hydra_main(script.read_text(encoding="utf-8", errors="replace"))
    trusted = frozenset(word for word in template.words if "{" not in word)
    with_options = _apply_trusted(main, call, trusted) if main else None
    if with_options is None:
        return None
    chosen, words = with_options
    config_dir = _config_dir(root, script.parent, chosen)
    if config_dir is None:
        return None
    paths = {parameter.name for parameter in entry_point.parameters if parameter.type == PATH_TYPE}
    inputs = {key: name for key, name in bound_keys(entry_point).items() if name in paths}
    return Source(root, config_dir, chosen, words, trusted, inputs)


def bound_keys(entry_point: EntryPointView) -> dict[str, str]:
    """Config keys that the command itself sets, each from the named parameter: `data.path={data}`."""
    call = script_call(entry_point.command)
    matches = (_BOUND.fullmatch(word) for word in (call.words if call else ()))
    return {match[1]: match[2] for match in matches if match}


def _apply_trusted(
    main: HydraMain, call: ScriptCall, trusted: frozenset[str]
) -> tuple[HydraMain, tuple[str, ...]] | None:
    """Follows the command's own `--config-name` and `--config-path`; a person's options stay among the words."""
    own = tuple(word for word in call.words if word in trusted)
    applied = apply_options(main, own)
    if applied is None:
        return None
    chosen, kept = applied
    dropped = set(own) - set(kept)
    return chosen, tuple(word for word in call.words if word not in dropped)


def _config_dir(root: Path, script_folder: Path, main: HydraMain) -> Path | None:
    if main.config_path is None or main.config_name is None:
        return None
    folder = (script_folder / main.config_path).resolve()
    return folder if folder.is_relative_to(root) and folder.is_dir() else None
