"""What the system says in sentences, by stable codes, so that a page can say the same in the reader's language.

A sentence is made of a template (`say`), kept and sent as text, and found again by its template (`told`). So what was
written years ago is understood as well, and a reader that knows no codes has the English sentence.
"""

import re
from collections.abc import Mapping
from typing import Final

from pydantic import BaseModel

from proteinx.contracts.faults import BUILT_IN
from proteinx.contracts.phrases import jobs, machines, reading, registry, requests, serving, sweeps, waiting

FAULT: Final = "fault_"
"""In front of the names of the built-in rules of the table of faults: their reasons are phrases too."""
NESTED: Final = frozenset({"reason", "hint"})
"""Placeholders that hold a sentence, which may be a phrase itself."""
_PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")

PHRASES: Final[Mapping[str, str]] = {
    **reading.WRAPPED,
    **{FAULT + rule.name: rule.reason for rule in BUILT_IN},
    **jobs.PHRASES,
    **machines.PHRASES,
    **reading.PHRASES,
    **registry.PHRASES,
    **requests.PHRASES,
    **serving.PHRASES,
    **sweeps.PHRASES,
    **waiting.PHRASES,
    **jobs.WRAPPED,
}


class Words(BaseModel):
    """A sentence of ours by its code, with what fills its template: text, or words again."""

    code: str
    params: dict[str, "str | Words"] = {}


def say(code: str, **params: object) -> str:
    """The English sentence. Raises KeyError for an unknown code or a placeholder that is not filled."""
    return PHRASES[code].format_map({name: str(value) for name, value in params.items()})


def told(text: str) -> Words | None:
    """The phrase that `text` was made of; None for what people, programs and other libraries wrote."""
    if not text:
        return None
    for code, pattern in _PATTERNS.items():
        if match := pattern.fullmatch(text):
            found = {name: value for name, value in match.groupdict().items() if value is not None}
            return Words(code=code, params={name: _filled(name, value) for name, value in found.items()})
    return None


def placeholders(code: str) -> frozenset[str]:
    return frozenset(_PLACEHOLDER.findall(PHRASES[code]))


def _filled(name: str, value: str) -> "str | Words":
    return (told(value.strip()) or value.strip()) if name in NESTED else value


def _pattern(template: str) -> re.Pattern[str]:
    parts: list[str] = []
    seen: set[str] = set()
    for index, part in enumerate(_PLACEHOLDER.split(template)):
        if index % 2 == 0:
            parts.append(re.escape(part))
        elif part in seen:
            parts.append(f"(?P={part})")
        else:
            seen.add(part)
            parts.append(f"(?P<{part}>.*?)" if part == "hint" else f"(?P<{part}>.+?)")
    return re.compile("".join(parts), re.DOTALL)


_PATTERNS: Final = {code: _pattern(template) for code, template in PHRASES.items()}
