"""Whether a new value fits the one that stands in the YAML: Hydra itself would take `lr=abc`."""

from typing import Any

MISSING = "???"


def misfit(present: Any, new: Any) -> str | None:
    """What was expected, in words; None where `new` fits.

    Null and interpolations fit everywhere, and so does anything in the place of null, of a missing value and of an
    interpolation. Text in the YAML takes any single value (`devices: auto` and `devices=2` are both usual).
    """
    if present is None or new is None or _is_open(present) or _is_open(new):
        return None
    if isinstance(present, dict):
        return None if isinstance(new, dict) else "a mapping, as {key: value}"
    if isinstance(present, list):
        return _list_misfit(present, new)
    if isinstance(new, dict | list):
        return f"{_word(present)}, not a {'mapping' if isinstance(new, dict) else 'list'}"
    if isinstance(present, str) or _fits(present, new):
        return None
    return _word(present)


def _list_misfit(present: list[Any], new: Any) -> str | None:
    if not isinstance(new, list):
        return "a list, as [a, b]"
    kinds = {type(item) for item in present}
    if len(kinds) != 1:
        return None
    wrong = next((told for item in new if (told := misfit(present[0], item))), None)
    return f"a list whose items are each {wrong}" if wrong else None


def _is_open(value: Any) -> bool:
    return isinstance(value, str) and (value == MISSING or "${" in value)


def _fits(present: bool | int | float, new: Any) -> bool:
    if isinstance(present, bool) or isinstance(new, bool):
        return isinstance(present, bool) and isinstance(new, bool)
    if isinstance(present, float):
        return isinstance(new, int | float)
    return isinstance(new, int)


def _word(present: Any) -> str:
    words = {bool: "true or false", int: "a whole number", float: "a number", str: "a single value"}
    return words[type(present)]
