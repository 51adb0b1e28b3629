"""Which baselines make sense at which level."""

from typing import Final

from proteinlab.training.evaluation.baselines.linear import composition, window
from proteinlab.training.evaluation.baselines.material import Baseline
from proteinlab.training.evaluation.baselines.simple import mean, nearest
from proteinlab.training.rows import Level

_MEAN: Final = Baseline("mean", "the mean of the training targets, or their most frequent class", mean)
_COMPOSITION: Final = Baseline(
    "composition", "ridge or logistic regression on residue composition and length", composition
)
_NEAREST: Final = Baseline("nearest", "the target of the most identical training sequence", nearest)
_WINDOW: Final = Baseline("window", "ridge or logistic regression on the 17 residues around each", window)

_BY_LEVEL: Final[dict[Level, tuple[Baseline, ...]]] = {
    "sequence": (_MEAN, _COMPOSITION, _NEAREST),
    "residue": (_MEAN, _WINDOW),
    "pair": (_MEAN, _COMPOSITION),
}


def baselines_for(level: Level) -> tuple[Baseline, ...]:
    """From the simplest on."""
    return _BY_LEVEL[level]
