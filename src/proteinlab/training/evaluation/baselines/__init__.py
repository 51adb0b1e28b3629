"""What no model should be worse than. Each is made from the training rows in seconds, with NumPy and scikit-learn.

A baseline is a function from `Material` to answers for the test rows, in the form of `answers.given`.
"""

from proteinlab.training.evaluation.baselines.material import Baseline, Material
from proteinlab.training.evaluation.baselines.registry import baselines_for

__all__ = ["Baseline", "Material", "baselines_for"]
