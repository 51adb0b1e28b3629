"""Sequences of equal length side by side: what libraries of variants need, a million pairs at a time."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from proteinlab.biodata.homology.identity import FloatArray
from proteinlab.biodata.residues import ByteArray, IntArray

ROWS_AT_ONCE = 2048


def nearest_ungapped(targets: Sequence[str], queries: Sequence[str]) -> tuple[FloatArray, IntArray]:
    """For each query the share of equal residues in the most alike target of its length, and its row.

    0 and -1 where no target has the length.
    """
    identity = np.zeros(len(queries), dtype=np.float32)
    nearest = np.full(len(queries), -1, dtype=np.int64)
    of_length = _by_length(targets)
    for length, rows in _by_length(queries).items():
        if length in of_length and length:
            others = of_length[length]
            best, at = _nearest(_letters(targets, others), _letters(queries, rows))
            identity[rows], nearest[rows] = best, others[at]
    return identity, nearest


def _by_length(sequences: Sequence[str]) -> dict[int, IntArray]:
    rows: dict[int, list[int]] = defaultdict(list)
    for row, text in enumerate(sequences):
        rows[len(text)].append(row)
    return {length: np.array(found, dtype=np.int64) for length, found in rows.items()}


def _letters(sequences: Sequence[str], rows: IntArray) -> ByteArray:
    text = "".join(sequences[row] for row in rows.tolist()).encode("ascii")
    return np.frombuffer(text, dtype=np.uint8).reshape(len(rows), -1)


def _nearest(targets: ByteArray, queries: ByteArray) -> tuple[FloatArray, IntArray]:
    """Residues that nobody varies are equal everywhere; of the others, a product counts the equal ones."""
    length = targets.shape[1]
    varied = (targets != targets[0]).any(axis=0) | (queries != targets[0]).any(axis=0)
    columns = [(column, np.union1d(targets[:, column], queries[:, column])) for column in np.flatnonzero(varied)]
    best = np.full(len(queries), -1, dtype=np.float32)
    at = np.zeros(len(queries), dtype=np.int64)
    for start, others in _parts(targets):
        theirs = _one_hot(others, columns)
        for begin, mine in _parts(queries):
            equal = _one_hot(mine, columns) @ theirs.T  # (queries, targets)
            most = equal.max(axis=1)
            part = slice(begin, begin + len(mine))
            better = most > best[part]
            best[part] = np.where(better, most, best[part])
            at[part] = np.where(better, equal.argmax(axis=1) + start, at[part])
    return (best + np.float32(length - len(columns))) / np.float32(length), at


def _parts(letters: ByteArray) -> Iterator[tuple[int, ByteArray]]:
    for start in range(0, len(letters), ROWS_AT_ONCE):
        yield start, letters[start : start + ROWS_AT_ONCE]


def _one_hot(letters: ByteArray, columns: list[tuple[np.intp, ByteArray]]) -> npt.NDArray[np.float32]:
    """Shape (n, letters used in all columns)."""
    if not columns:
        return np.zeros((len(letters), 1), dtype=np.float32)
    flags = [letters[:, column, None] == used for column, used in columns]
    return np.concatenate(flags, axis=1).astype(np.float32)


def alike_groups(sequences: Sequence[str], share: float) -> IntArray:
    """A group for each sequence, such that those of equal length with a share of equal residues come together.

    Groups are connected: one is alike to some other of its group, not to all.
    """
    groups = np.full(len(sequences), -1, dtype=np.int64)
    number = 0
    for length, rows in _by_length(sequences).items():
        least = max(1, int(np.ceil(share * length - 1e-9)))
        letters = _letters(sequences, rows)
        for members in _connected(letters, least) if length else [np.arange(len(rows))]:
            groups[rows[members]] = number
            number += 1
    return groups


def _connected(letters: ByteArray, least: int) -> Iterator[IntArray]:
    """Rows that reach each other by steps between rows with at least `least` equal letters."""
    free = np.arange(len(letters))
    while len(free):
        group, front, free = [free[:1]], [int(free[0])], free[1:]
        while front and len(free):
            near = (letters[free] == letters[front.pop()]).sum(axis=1) >= least
            group.append(free[near])
            front += free[near].tolist()
            free = free[~near]
        yield np.concatenate(group)
