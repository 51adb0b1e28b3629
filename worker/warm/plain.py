"""Recognises the commands that can be started without a shell: `[PYTHONPATH=...] python script.py argument ...`."""

import re
from dataclasses import dataclass
from typing import Final

_PIECE: Final = re.compile(r"[A-Za-z0-9_@%+=:,./-]+|'[^']*'|\"[^\"$`\\!]*\"")
"""What means the same to a shell and to us: plain characters, and quotes in which nothing is expanded."""
_BLANKS: Final = " \t"
_PREFIX: Final = "PYTHONPATH="


@dataclass(frozen=True, slots=True)
class Plain:
    python: str
    """`python` or `python3`."""
    python_path: str | None
    script: str
    arguments: tuple[str, ...]

    @property
    def words(self) -> list[str]:
        return [self.python, self.script, *self.arguments]


def parse(command: str) -> Plain | None:
    """None for whatever a shell might understand in another way than we do."""
    words = _words(command.strip(_BLANKS))
    if not words:
        return None
    python_path = words.pop(0).removeprefix(_PREFIX) if words[0].startswith(_PREFIX) else None
    if len(words) < 2 or words[0] not in ("python", "python3") or words[1].startswith("-"):
        return None
    return Plain(words[0], python_path, words[1], tuple(words[2:]))


def _words(command: str) -> list[str] | None:
    words: list[str] = []
    position = 0
    while position < len(command):
        word, position = _word(command, position)
        if word is None:
            return None
        words.append(word)
        while position < len(command) and command[position] in _BLANKS:
            position += 1
    return words


def _word(command: str, position: int) -> tuple[str | None, int]:
    """The word that starts there, unquoted, and where it ends; None if it holds anything special."""
    pieces = []
    while position < len(command) and command[position] not in _BLANKS:
        found = _PIECE.match(command, position)
        if found is None:
            return None, position
        piece = found.group()
        pieces.append(piece[1:-1] if piece[0] in "'\"" else piece)
        position = found.end()
    return "".join(pieces), position
