"""The letters of proteins, and block-wise counting of them."""

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
ByteArray = npt.NDArray[np.uint8]

STANDARD = b"ACDEFGHIKLMNPQRSTVWY"
# B, Z, J: one of two; O pyrrolysine; U selenocysteine; X unknown; * stop codon (IUPAC-IUB 1983).
NON_STANDARD = b"BJOUXZ*"
GAPS = b"-."
NUCLEOTIDES = b"ACGTUN"


def _flags(letters: bytes) -> npt.NDArray[np.bool_]:
    flags = np.zeros(256, dtype=np.bool_)
    flags[list(letters)] = True
    return flags


LEGAL = _flags(STANDARD + NON_STANDARD + GAPS)
LOWER_CASE = _flags(bytes(range(ord("a"), ord("z") + 1)))
NUCLEOTIDE_OR_GAP = _flags(NUCLEOTIDES + GAPS)


def composition(letters: bytes) -> IntArray:
    """How often each byte occurs, shape (256,). Counting pairs of bytes is twice as fast."""
    pairs = np.frombuffer(letters, dtype=np.uint16, count=len(letters) // 2)
    table = np.bincount(pairs, minlength=65536).reshape(256, 256)
    counts: IntArray = table.sum(axis=0) + table.sum(axis=1)
    if len(letters) % 2:
        counts[letters[-1]] += 1
    return counts


def first_of(letters: bytes, unwanted: npt.NDArray[np.bool_]) -> int:
    """Offset of the first byte that is flagged in `unwanted`, shape (256,). One must be there."""
    return int(np.argmax(unwanted[np.frombuffer(letters, dtype=np.uint8)]))


def places_of(code: int, letters: bytes, counts: IntArray) -> IntArray:
    """Offsets of a byte that occurs `counts[code]` times. A rare one is quicker to search for."""
    if counts[code] > len(letters) // 2000:
        return np.flatnonzero(np.frombuffer(letters, dtype=np.uint8) == code)
    places, sign = [letters.find(code)], bytes([code])
    while len(places) < counts[code]:
        places.append(letters.index(sign, places[-1] + 1))
    return np.array(places, dtype=np.int64)


def letter_at(letters: bytes, offset: int) -> str:
    """The whole character at a byte offset, for a message; UTF-8 takes up to four bytes."""
    return letters[offset : offset + 4].decode("utf-8", errors="replace")[0]
