"""How close a test set is to what a model was trained on.

Scores on test sequences that have a close relative in the training set measure memory as much as skill.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from proteinlab.biodata.errors import DataError
from proteinlab.biodata.homology.identity import FloatArray
from proteinlab.biodata.homology.nearest import find_nearest

BINS = 20
# Below 30 % identity, relatedness cannot be told from the sequences alone (Rost 1999, the twilight zone).
LIMIT = 0.3
SHARES = (0.3, 0.5, 0.7, 0.9, 0.95)


def nearest_training_identity(train: Sequence[str], test: Sequence[str]) -> FloatArray:
    """For each test sequence the identity, in [0, 1], to its nearest training sequence, shape (n,).

    Identity is defined in `homology.identity`. The search looks at the 64 training sequences that share most
    words of two to five residues; few relatives above 30 % identity are missed, of the rest about half.
    """
    return find_nearest(train, test).identity


def summary(identities: FloatArray) -> dict[str, Any]:
    """Figures of a leakage report: `count`, `mean`, `median`, `p95`, `max`, `identical` (how many are 1),
    `share_above_30` and the like (share of sequences at or above 30 % identity), and a `histogram` of twenty
    equal bins over [0, 1]. Without a sequence, only the count.
    """
    if not len(identities):
        return {"count": 0}
    counts = np.bincount(np.minimum((identities * BINS).astype(np.int64), BINS - 1), minlength=BINS)
    return {
        "count": len(identities),
        "mean": _rounded(identities.mean()),
        "median": _rounded(np.median(identities)),
        "p95": _rounded(np.quantile(identities, 0.95)),
        "max": _rounded(identities.max()),
        "identical": int((identities == 1).sum()),
        **{f"share_above_{share * 100:.0f}": _share(identities, share) for share in SHARES},
        "histogram": counts.tolist(),
    }


def tags(identities: FloatArray, limit: float = LIMIT) -> dict[str, str]:
    """Tags for a run, `leakage.*`; `leakage.leaky` is true if any test sequence reaches the limit."""
    figures = {key: value for key, value in summary(identities).items() if key != "histogram"}
    leaky = bool((identities >= limit).any())
    return {
        "leakage.leaky": str(leaky).lower(),
        "leakage.limit": f"{limit:g}",
        **{f"leakage.{key}": f"{value:g}" for key, value in figures.items()},
    }


def refuse_leaky(identities: FloatArray, limit: float = LIMIT, tolerated: float = 0.0) -> None:
    """Raises DataError leaky_split if more than a share of `tolerated` test sequences reach the limit."""
    share = _share(identities, limit) if len(identities) else 0.0
    if share > tolerated:
        count = int((identities >= limit).sum())
        raise DataError(
            "leaky_split",
            f"{count:,} of {len(identities):,} test sequences are at least {limit:.0%} identical to a "
            f"training sequence ({tolerated:.1%} are tolerated): split by cluster, or raise the limit.",
        )


def _share(identities: FloatArray, limit: float) -> float:
    return _rounded((identities >= limit).mean())


def _rounded(value: np.floating[Any] | float) -> float:
    return round(float(value), 4)
