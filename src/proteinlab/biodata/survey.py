"""Everything a quality report counts, gathered block by block."""

from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from proteinlab.biodata.blocks import SequenceBlock
from proteinlab.biodata.errors import DataError
from proteinlab.biodata.findings import Finding
from proteinlab.biodata.formats import Source
from proteinlab.biodata.labels import LabelTally
from proteinlab.biodata.masks import MaskTally
from proteinlab.biodata.profile import SequenceTally
from proteinlab.biodata.readers import read_blocks
from proteinlab.biodata.repeats import find_repeated_ids, find_repeats
from proteinlab.biodata.rowlog import ROW, RowLog
from proteinlab.biodata.setnames import SetTally
from proteinlab.biodata.variants.claims import Claims


class Survey:
    """A context: closing it removes the row log's temporary file."""

    def __init__(self, of_variants: bool = False) -> None:
        self.claims = Claims() if of_variants else None
        self.log = RowLog()
        self.sets = SetTally()
        self.sequences = SequenceTally()
        self.labels = LabelTally(self.sets.codes)
        self.masks = MaskTally()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.log.close()

    def add(self, block: SequenceBlock) -> None:
        codes = self.sets.add(block)
        self.sequences.add(block)
        if block.partner is not None:
            self.sequences.add(block.partner)
        self.masks.add(block)
        if self.claims is not None:
            self.claims.add(block)
        labels, values = self.labels.add(block, codes)
        rows = np.zeros(len(block), dtype=ROW)
        rows["line"] = block.lines
        rows["sequence"] = np.fromiter(map(hash, _compared(block)), dtype=np.int64, count=len(block))
        rows["id"] = block.ids.hashes
        rows["label"], rows["value"], rows["set"] = labels, values, codes
        self.log.append(rows)

    def set_counts(self) -> dict[str, int]:
        return self.sets.counts()

    def findings(self, *, ids_given: bool) -> list[Finding]:
        kept = self.sequences if self.claims is None else self.claims
        found = [*find_repeats(self.log, self.sets.codes).findings(), *kept.findings()]
        found += [*self.sets.findings(), *self.masks.findings()]
        if ids_given:
            detail = "{count} records repeat the id of an earlier one."
            found += find_repeated_ids(self.log).marks.finding("duplicate_id", "warning", detail)
        return found

    def refuse_repeated_ids(self, path: Path, source: Source) -> None:
        """Raises DataError duplicate_id. Equal hashes are only a suspicion: the ids are read again."""
        repeats = find_repeated_ids(self.log)
        for repeat in repeats.marks.lines:
            first = repeats.origins[repeat]
            ids = _ids_at(path, source, (first, repeat))
            if ids[first] == ids[repeat]:
                name = ids[first].decode("utf-8", errors="replace")
                detail = f"The id '{name}' stands on line {first} already: rename or remove one of the two."
                raise DataError("duplicate_id", detail, repeat)


def _compared(block: SequenceBlock) -> Iterable[bytes | tuple[bytes, ...]]:
    """What makes two records repeats of each other: of pairs, both sequences in either order."""
    if block.partner is None:
        return block.sequences
    return (tuple(sorted(pair)) for pair in zip(block.sequences, block.partner.sequences, strict=True))


def _ids_at(path: Path, source: Source, lines: tuple[int, int]) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    for block in read_blocks(path, None, source):
        at = np.flatnonzero(np.isin(block.lines, lines))
        if len(at):
            names = block.ids.read()
            found |= {int(block.lines[row]): names[row] for row in at.tolist()}
        if len(found) == len(lines):
            break
    return found
