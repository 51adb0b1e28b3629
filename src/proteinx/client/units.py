"""Sizes and durations as people write them."""

import re
from typing import Final

_SIZES: Final = {"": 1, "k": 2**10, "m": 2**20, "g": 2**30, "t": 2**40}
_TIMES: Final = {"": 1, "s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400}


def parse_size(text: str) -> int:
    """Bytes of `8G`, `512MiB`, `1.5g`, or a plain number. Raises ValueError saying how to write it."""
    match = re.fullmatch(r"\s*([\d.]+)\s*([kmgt]?)i?b?\s*", text, re.IGNORECASE)
    if match is None:
        raise ValueError(f"{text!r} is no size; write for example 8G or 512M.")
    return int(_number(match[1], text) * _SIZES[match[2].lower()])


def parse_duration(text: str) -> float:
    """Seconds of `90`, `30m`, `12h`, `2d`. Raises ValueError saying how to write it."""
    match = re.fullmatch(r"\s*([\d.]+)\s*(s|m|min|h|d|)\s*", text, re.IGNORECASE)
    if match is None:
        raise ValueError(f"{text!r} is no duration; write for example 90s, 30m, 12h or 2d.")
    return _number(match[1], text) * _TIMES[match[2].lower()]


def _number(digits: str, text: str) -> float:
    try:
        return float(digits)
    except ValueError:
        raise ValueError(f"{text!r} holds no number.") from None
