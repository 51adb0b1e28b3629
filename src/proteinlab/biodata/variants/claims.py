"""What a table of variants says of its wild type."""

from collections import Counter
from dataclasses import dataclass

from proteinlab.biodata.blocks import SequenceBlock
from proteinlab.biodata.findings import Finding, Marks
from proteinlab.biodata.variants.notation import Mutation, parse_variant


@dataclass(frozen=True, slots=True)
class VariantProfile:
    """`mutations`: how many variants have each number of mutations. Positions count as the table does."""

    mutations: dict[str, int]
    first_position: int | None
    last_position: int | None
    stops: int


class Claims:
    """Adds up blocks made by `variant_block`. Memory grows with the number of positions."""

    def __init__(self) -> None:
        self._residues: dict[int, str] = {}
        self._counts: Counter[int] = Counter()
        self._contradictions, self._stops = Marks(), Marks()
        self._first: tuple[int, str, str] | None = None

    def add(self, block: SequenceBlock) -> None:
        for text, line in zip(block.sequences, block.lines.tolist(), strict=True):
            mutations = parse_variant(text.decode("ascii"))
            self._counts[len(mutations)] += 1
            if any(one.replacement == "*" for one in mutations):
                self._stops.add([line])
            contradictions = [one for one in mutations if self._contradicts(one)]
            self._contradictions.add([line] if contradictions else [])

    def profile(self) -> VariantProfile:
        return VariantProfile(
            mutations={str(count): rows for count, rows in sorted(self._counts.items())},
            first_position=min(self._residues, default=None),
            last_position=max(self._residues, default=None),
            stops=self._stops.count,
        )

    def findings(self) -> list[Finding]:
        position, one, other = self._first or (0, "", "")
        return [
            *self._contradictions.finding(
                "wild_type_contradiction",
                "error",
                "{count} variants contradict earlier ones about the wild type (position {position} is "
                "both {one} and {other}): is the numbering mixed?",
                position=position,
                one=one,
                other=other,
            ),
            *self._stops.finding("stop_codon", "info", "{count} variants have a stop codon: the protein ends there."),
        ]

    def _contradicts(self, mutation: Mutation) -> bool:
        known = self._residues.setdefault(mutation.position, mutation.original)
        if known == mutation.original:
            return False
        self._first = self._first or (mutation.position, known, mutation.original)
        return True
