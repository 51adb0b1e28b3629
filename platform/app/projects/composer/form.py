"""What a form for this config has to show: its values, its groups with their choices, and the help for each."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hydra.core.global_hydra import GlobalHydra
from hydra.types import RunMode

from app.projects.composer import comments
from app.projects.composer.checking import Repository, plain
from app.projects.composer.words import Word


def describe(config_dir: Path, config_name: str, words: Sequence[Word]) -> dict[str, Any]:
    """`config`, `groups` (name, default, choices, help) and `help` by dotted key, as a person's choices have them.

    Raises RefusedError for a choice that is not there.
    """
    loader = GlobalHydra.instance().config_loader()
    repository = Repository(loader)
    chosen = [word for word in words if not word.trusted and repository.is_group(word.override)]
    for word in chosen:
        repository.check_choice(word.override)
    overrides = [word.text for word in words if word.trusted or word in chosen]
    listed = loader.compute_defaults_list(config_name, overrides, RunMode.RUN)
    told: dict[str, str] = {}
    of_items: dict[str, str] = {}
    headers: dict[str, str] = {}
    for item in listed.defaults:
        path = config_dir / f"{item.config_path}.yaml"
        if item.config_path is None or not path.is_file():
            continue
        found = comments.read(path)
        headers[item.config_path] = found.header
        of_items |= found.defaults
        prefix = (item.package,) if item.package else ()
        told |= {".".join((*prefix, *key)): text for key, text in found.keys.items()}
    choices: Mapping[str, str | None] = listed.overrides.known_choices
    order = list(of_items)
    groups = [
        {
            "name": name,
            "default": default,
            "choices": repository.options(name.partition("@")[0]),
            "help": of_items.get(name) or headers.get(f"{name.partition('@')[0]}/{default}", ""),
        }
        for name, default in sorted(
            choices.items(), key=lambda item: order.index(item[0]) if item[0] in order else len(order)
        )
        if not name.startswith("hydra/")
    ]
    return {"config": plain(config_name, overrides), "groups": groups, "help": told}
