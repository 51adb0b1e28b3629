"""What counts as independent when scores are resampled: sequences, or clusters of related ones."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np

from proteinlab.biodata.homology.clusters import cluster
from proteinlab.training.outputs import Index

Kind = Literal["sequence", "pair", "cluster"]

_FEWEST_CLUSTERS: Final = 10
_MOST_RESIDUES: Final = 4_000_000  # clustered in about a minute on two cores


@dataclass(frozen=True)
class Units:
    """`of_sample` numbers the unit of each tested sequence; only with clusters is it one for several of them."""

    kind: Kind
    of_sample: Index
    note: str
    code: str
    """Of the note, for whoever says it in another language; `params` fills it."""
    params: dict[str, str] = field(default_factory=dict)

    def of_rows(self, sample: Index) -> Index:
        """The unit of each row, numbered from 0; `sample` (rows,) counts the tested sequences from 0."""
        units: Index = np.unique(self.of_sample[sample], return_inverse=True)[1]
        return units


def find_units(sequences: Sequence[str], *, pairs: bool, one_parent: bool, cluster_identity: float | None) -> Units:
    """Clusters where they make sense. Too few of them could not be resampled, too many residues take too long."""
    single = np.arange(len(sequences))
    if pairs:
        return Units("pair", single, "pairs are drawn singly, though they may share proteins", "pairs")
    if one_parent:
        return Units("sequence", single, "variants of one parent are drawn singly", "one_parent")
    if cluster_identity is None:
        return Units("sequence", single, "sequences are drawn singly, as evaluation.cluster_identity asks", "as_asked")
    if sum(len(one) for one in sequences) > _MOST_RESIDUES:
        return Units("sequence", single, "sequences are drawn singly: too many to cluster", "too_many")
    found = cluster(sequences, cluster_identity)
    if len(found.sizes) < _FEWEST_CLUSTERS:
        count = str(len(found.sizes))
        note = f"sequences are drawn singly: they form {count} clusters only"
        return Units("sequence", single, note, "few_clusters", {"n": count})
    identity = f"{cluster_identity:.0%}"
    note = f"clusters at {identity} identity ({found.method})"
    return Units("cluster", found.labels, note, "clusters", {"identity": identity, "method": str(found.method)})
