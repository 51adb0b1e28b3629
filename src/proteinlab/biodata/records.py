"""One protein with its label, and the names of the columns it comes from."""

from dataclasses import dataclass

from proteinlab.biodata.errors import DataError

# Names of the three usual sets as public data sets write them: mavenn says training, nn4dms says tune.
SET_NAMES = {
    "train": "train",
    "training": "train",
    "val": "val",
    "valid": "val",
    "validation": "val",
    "dev": "val",
    "tune": "val",
    "test": "test",
    "testing": "test",
}
TRUE_WORDS = frozenset({"true", "t", "yes", "y", "1", "1.0"})
FALSE_WORDS = frozenset({"false", "f", "no", "n", "0", "0.0", "", "nan", "none", "null"})


@dataclass(frozen=True, slots=True)
class Record:
    """`sequence` is upper case without white space. `target`, `set` and `mask` are None where not given.

    `set` is train, val or test where the file uses one of their usual names, else the file's own word.
    `mask` has one character per residue; 1 means the residue counts. `line` is where the record starts.
    """

    id: str
    sequence: str
    target: str | None = None
    set: str | None = None
    mask: str | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column of a table holds what. True in `validation` marks rows of `train` kept for validation.

    A table of variants (G126A; A1P,L5K) has its column in `variant`, and None for `sequence`; a table of pairs has the
    second sequence of each in `partner`.
    """

    sequence: str | None = "sequence"
    target: str | None = None
    set: str | None = None
    id: str | None = None
    validation: str | None = None
    mask: str | None = None
    variant: str | None = None
    partner: str | None = None


def set_name(word: str) -> str | None:
    """The set that a word of a file means; None for an empty word."""
    word = word.strip()
    return SET_NAMES.get(word.casefold(), word) or None


def final_set(set_: str | None, validation: str) -> str | None:
    """The set of a row that has a validation mark, as FLIP writes them: True makes val of train.

    Raises DataError bad_boolean.
    """
    word = validation.strip().casefold()
    if word not in TRUE_WORDS and word not in FALSE_WORDS:
        raise DataError("bad_boolean", f"'{validation[:40]}' in the validation column is neither True nor False.")
    marked = word in TRUE_WORDS
    if set_ is None:
        return "val" if marked else "train"
    return "val" if marked and set_ == "train" else set_
