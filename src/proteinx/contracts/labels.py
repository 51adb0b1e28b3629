"""Labels that nodes carry and jobs ask for."""

import re
from typing import Final

_KEY: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")
_VALUE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
MOST: Final = 50


def require_labels(labels: dict[str, str]) -> dict[str, str]:
    """The same labels. Raises ValueError with what is wrong."""
    if len(labels) > MOST:
        raise ValueError(f"at most {MOST} labels")
    for key, value in labels.items():
        if not _KEY.fullmatch(key):
            raise ValueError(f"a label's name is of small letters, digits, dots and dashes, not {key[:64]!r}")
        if not _VALUE.fullmatch(value):
            raise ValueError(f"the label {key} has a value of letters, digits, dots and dashes, not {value[:64]!r}")
    return labels
