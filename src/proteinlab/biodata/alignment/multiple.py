"""Many sequences, aligned by FAMSA (Deorowicz, Debudaj-Grabysz, Gudys 2016) through pyFAMSA."""

from collections.abc import Sequence

from pyfamsa import Aligner
from pyfamsa import Sequence as FamsaSequence

from proteinlab.biodata.alignment.alignment import Alignment
from proteinlab.biodata.errors import DataError
from proteinlab.biodata.homology.identity import plain
from proteinlab.biodata.threads import thread_count


def align_many(ids: Sequence[str], sequences: Sequence[str], threads: int | None = None) -> Alignment:
    """The alignment, rows in the order given. U, O and J are aligned, and written, as C, K and L.

    Raises DataError: too_few_sequences, empty_sequence.
    """
    if len(sequences) < 2:
        raise DataError("too_few_sequences", f"{len(sequences)} sequences: an alignment needs two at least.")
    texts = [plain(text).replace("*", "X") for text in sequences]
    if not all(texts):
        raise DataError("empty_sequence", f"'{ids[texts.index('')]}' has no residues to align.")
    # Numbers stand for the names: FAMSA gives rows back by name, and names may repeat.
    numbered = [FamsaSequence(str(row).encode(), text.encode("ascii")) for row, text in enumerate(texts)]
    aligned = {
        int(row.id): row.sequence.decode("ascii") for row in Aligner(threads=threads or thread_count()).align(numbered)
    }
    return Alignment(tuple(ids), tuple(aligned[row] for row in range(len(texts))))
