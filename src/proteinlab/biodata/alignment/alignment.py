"""A multiple alignment in memory."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from proteinlab.biodata.errors import DataError
from proteinlab.biodata.residues import ByteArray, IntArray

GAP = "-"


@dataclass(frozen=True, slots=True)
class Alignment:
    """`rows` are equally long, in upper case, with '-' for gaps."""

    ids: Sequence[str]
    rows: Sequence[str]

    def __post_init__(self) -> None:
        odd = next((row for row, text in enumerate(self.rows) if len(text) != len(self.rows[0])), None)
        if odd is not None:
            raise DataError(
                "ragged_alignment",
                f"Row '{self.ids[odd]}' has {len(self.rows[odd])} columns, row '{self.ids[0]}' {len(self.rows[0])}: "
                "align them again.",
            )

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def width(self) -> int:
        return len(self.rows[0]) if self.rows else 0

    def letters(self) -> ByteArray:
        """Shape (rows, columns), as ASCII codes."""
        text = "".join(self.rows).encode("ascii")
        return np.frombuffer(text, dtype=np.uint8).reshape(len(self.rows), -1)

    def gap_shares(self) -> npt.NDArray[np.float64]:
        """The share of gaps in each column, shape (columns,)."""
        shares: npt.NDArray[np.float64] = (self.letters() == ord(GAP)).mean(axis=0)
        return shares

    def columns(self, kept: IntArray) -> "Alignment":
        """Only the columns in `kept`."""
        chosen = self.letters()[:, kept]
        return Alignment(self.ids, [row.tobytes().decode("ascii") for row in chosen])

    def sequences(self) -> list[str]:
        """The rows without their gaps."""
        return [row.replace(GAP, "") for row in self.rows]


def trim_columns(alignment: Alignment, most_gaps: float = 0.5) -> tuple[Alignment, IntArray]:
    """Drop the columns with a larger share of gaps; also returns the columns kept, counted from 0.

    Raises DataError nothing_left.
    """
    kept = np.flatnonzero(alignment.gap_shares() <= most_gaps)
    if not len(kept):
        detail = f"All {alignment.width} columns have over {most_gaps:.0%} gaps: allow more gaps."
        raise DataError("nothing_left", detail)
    return alignment.columns(kept), kept
