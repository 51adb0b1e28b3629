"""What a person may choose about the evaluation."""

from dataclasses import dataclass

from proteinlab.stats.arrays import Index, Scores
from proteinlab.stats.bootstrap import Bootstrapped, bootstrap
from proteinlab.training.errors import UserError


@dataclass(frozen=True)
class Settings:
    """`configs/evaluation/default.yaml` explains each. Raises UserError bad_evaluation."""

    level: float = 0.95
    replicates: int = 2000
    seed: int = 0
    cluster_identity: float | None = 0.3
    baselines: bool = True
    calibrate: bool = True
    dropout_passes: int = 0
    figures: bool = True

    def __post_init__(self) -> None:
        if not 0.5 <= self.level < 1:
            raise UserError("bad_evaluation", f"evaluation.level={self.level:g} is not in [0.5, 1): 0.95 is 95 %.")
        if self.dropout_passes < 0 or self.dropout_passes == 1:
            raise UserError("bad_evaluation", "evaluation.dropout_passes must be 0, or 2 or more to have a spread.")
        if self.replicates < 100:
            raise UserError("bad_evaluation", f"evaluation.replicates={self.replicates} is too few: take 1000 or more.")

    def drawn(self, scores: Scores, units: Index) -> Bootstrapped:
        """Intervals as chosen; `units` (rows,) as for `bootstrap`."""
        return bootstrap(scores, units, level=self.level, replicates=self.replicates, seed=self.seed)
