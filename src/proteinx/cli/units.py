"""Sizes, durations and `key=value` as people type them on the command line."""

from collections.abc import Iterable

import typer

from proteinx.client import units


def parse_size(text: str) -> int:
    """`8G`, `512MiB`, `1.5g`, plain bytes."""
    try:
        return units.parse_size(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def parse_duration(text: str) -> float:
    """`90`, `30m`, `12h`, `2d`: seconds."""
    try:
        return units.parse_duration(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


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
