"""The lab's table of faults: its own rules from a file, then the built-in ones."""

from pathlib import Path

import yaml
from pydantic import TypeAdapter, ValidationError

from proteinx.contracts.faults import BUILT_IN, FaultRule

_RULES = TypeAdapter(list[FaultRule])


class BadRules(Exception):
    """The file can't be read, or what is in it is no list of rules."""


def load(path: Path | None) -> tuple[FaultRule, ...]:
    """A rule of the file takes the place of a built-in one with its name. Raises BadRules with what to mend."""
    if path is None:
        return BUILT_IN
    try:
        own = _RULES.validate_python(yaml.safe_load(path.read_text(encoding="utf-8")) or [])
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise BadRules(f"PROTEINX_FAULT_RULES: {path} can't be used: {error}") from error
    names = {rule.name for rule in own}
    return (*own, *(rule for rule in BUILT_IN if rule.name not in names))
