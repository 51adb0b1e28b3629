"""How variants are written: G126A or p.Gly126Ala; several are parted by any of , ; : / + and blanks."""

import re
from dataclasses import dataclass
from itertools import pairwise

from proteinlab.biodata.errors import DataError

WILD_TYPE_WORDS = frozenset({"", "wt", "_wt", "wildtype", "wild-type", "wild type", "=", "p.=", "野生型"})
SEPARATORS = re.compile(r"[,;:/+\s]+")
THREE_LETTERS = {
    **{"ala": "A", "arg": "R", "asn": "N", "asp": "D", "cys": "C", "gln": "Q", "glu": "E", "gly": "G"},
    **{"his": "H", "ile": "I", "leu": "L", "lys": "K", "met": "M", "phe": "F", "pro": "P", "ser": "S"},
    **{"thr": "T", "trp": "W", "tyr": "Y", "val": "V", "ter": "*", "stop": "*", "sec": "U", "pyl": "O"},
}
ONE = r"[ACDEFGHIKLMNPQRSTVWYU*]"
THREE = "|".join(THREE_LETTERS)
MUTATION = re.compile(
    rf"(?:p\.)?\(?(?P<original>{THREE}|{ONE})(?P<position>-?\d+)(?P<replacement>{THREE}|{ONE}|=|-|del|_)\)?",
    re.IGNORECASE,
)
DELETION = "-"
STOP = "*"


@dataclass(frozen=True, slots=True, order=True)
class Mutation:
    """`position` counts as the table does; `replacement` is a residue, '*' (a stop) or '-' (a deletion)."""

    position: int
    original: str
    replacement: str

    def __str__(self) -> str:
        return f"{self.original}{self.position}{self.replacement}"


def parse_variant(text: str) -> tuple[Mutation, ...]:
    """The mutations of a variant by position; none for the wild type, and G126G is none.

    Raises DataError: bad_variant, duplicate_position.
    """
    if text.strip().casefold() in WILD_TYPE_WORDS:
        return ()
    parts = [part for part in SEPARATORS.split(text.strip()) if part]
    found = sorted(mutation for part in parts if (mutation := _mutation(part, text)) is not None)
    for one, other in pairwise(found):
        if one.position == other.position:
            detail = f"Variant '{text[:80]}' changes position {one.position} twice: keep one of the two."
            raise DataError("duplicate_position", detail)
    return tuple(found)


def canonical(mutations: tuple[Mutation, ...]) -> str:
    """One text per variant, whatever the order and notation: A1P,L5K; WT without a mutation."""
    return ",".join(map(str, mutations)) or "WT"


def _mutation(part: str, whole: str) -> Mutation | None:
    hit = MUTATION.fullmatch(part)
    if hit is None:
        detail = (
            f"'{part[:40]}' in variant '{whole[:80]}' is no mutation: write substitutions as G126A or "
            "p.Gly126Ala, stops as G126*, deletions as G126del."
        )
        raise DataError("bad_variant", detail)
    original = _letter(hit["original"])
    replacement = original if hit["replacement"] == "=" else _letter(hit["replacement"])
    return None if replacement == original else Mutation(int(hit["position"]), original, replacement)


def _letter(text: str) -> str:
    if text.casefold() in {"-", "del"}:
        return DELETION
    if text == "_":  # as some tables write a stop
        return STOP
    return THREE_LETTERS.get(text.casefold(), text.upper())
