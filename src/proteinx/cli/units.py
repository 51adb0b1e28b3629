"""Sizes, durations and `key=value` as people type them."""

import re
from collections.abc import Iterable

import typer

_SIZES = {"": 1, "k": 2**10, "m": 2**20, "g": 2**30, "t": 2**40}
_TIMES = {"": 1, "s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400}


def parse_size(text: str) -> int:
    """`8G`, `512MiB`, `1.5g`, plain bytes."""
    match = re.fullmatch(r"\s*([\d.]+)\s*([kmgt]?)i?b?\s*", text, re.IGNORECASE)
    if match is None:
        raise typer.BadParameter(f"{text!r} is no size; write for example 8G or 512M.")
    return int(_number(match[1], text) * _SIZES[match[2].lower()])


def parse_duration(text: str) -> float:
    """`90`, `30m`, `12h`, `2d`: seconds."""
    match = re.fullmatch(r"\s*([\d.]+)\s*(s|m|min|h|d|)\s*", text, re.IGNORECASE)
    if match is None:
        raise typer.BadParameter(f"{text!r} is no duration; write for example 90s, 30m, 12h or 2d.")
    return _number(match[1], text) * _TIMES[match[2].lower()]


def parse_pairs(items: Iterable[str], example: str) -> dict[str, str]:
    """`key=value` items; the value may hold further `=`."""
    pairs: dict[str, str] = {}
    for item in items:
        key, separator, value = item.partition("=")
        if not separator or not key:
            raise typer.BadParameter(f"{item!r} must read like {example}.")
        if pairs.get(key, value) != value:
            raise typer.BadParameter(f"{key} is given twice, as {pairs[key]!r} and as {value!r}.")
        pairs[key] = value
    return pairs


def _number(digits: str, text: str) -> float:
    try:
        return float(digits)
    except ValueError:
        raise typer.BadParameter(f"{text!r} holds no number.") from None
