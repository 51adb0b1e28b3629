"""Linear models, solved exactly: the baselines every network has to beat."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from proteinlab.training.alphabet import PAD
from proteinlab.training.errors import UserError
from proteinlab.training.models.features import Features
from proteinlab.training.models.network import Shape

_LARGEST_GRAM = 8192  # features; the matrix of the normal equations then takes 512 MB


class Linear(nn.Module):
    """outputs = W x + b, with x the features of a sequence, or of both sequences of a pair in their order."""

    def __init__(self, shape: Shape, features: Callable[..., Features]) -> None:
        super().__init__()
        if shape.level == "residue":
            raise UserError("wrong_level", "Exact linear models know whole sequences and pairs: take a network.")
        self.features = features(length=shape.length)
        self.longest = self.features.longest
        self.linear = nn.Linear(self.features.width * (2 if shape.level == "pair" else 1), shape.outputs)

    def forward(self, tokens: Tensor, partner: Tensor | None = None) -> Tensor:
        """(batch, length) tokens -> (batch, outputs)."""
        parts = [self.features(tokens)] + ([] if partner is None else [self.features(partner)])
        out: Tensor = self.linear(torch.cat(parts, dim=1).to(self.linear.weight.dtype))
        return out

    def matrix(self, inputs: Sequence[Tensor]) -> Any:
        """Features of the training rows, (rows, features), sparse or dense. Learns their scales first."""
        self.features.fit(inputs[0] if len(inputs) == 1 else _stacked(inputs))
        parts = [self.features.matrix(tokens) for tokens in inputs]
        if len(parts) == 1:
            return parts[0]
        from scipy.sparse import hstack, issparse

        return hstack(parts, format="csr") if issparse(parts[0]) else np.hstack(parts)

    def assign(self, weight: npt.NDArray[Any], bias: npt.NDArray[Any]) -> None:
        with torch.no_grad():
            self.linear.weight.copy_(torch.as_tensor(weight))
            self.linear.bias.copy_(torch.as_tensor(bias))


class Ridge(Linear):
    """Least squares with an L2 penalty on the weights, not on the intercept."""

    kind = "regression"

    def __init__(self, *, shape: Shape, features: Callable[..., Features], alpha: float) -> None:
        super().__init__(shape, features)
        self.alpha = alpha

    def solve(self, inputs: Sequence[Tensor], target: npt.NDArray[Any]) -> None:
        """Normal equations over the features that occur; conjugate gradients where they would not fit."""
        features = self.matrix(inputs)
        width = features.shape[1]
        used = np.flatnonzero(abs(features).sum(axis=0))
        features = features[:, used]
        coefficients = np.zeros(width)
        if len(used) <= _LARGEST_GRAM:
            coefficients[used], intercept = _normal_equations(features, target.astype(np.float64), self.alpha)
        else:
            from sklearn.linear_model import Ridge as Solver

            solver = Solver(alpha=self.alpha, solver="sparse_cg", tol=1e-10).fit(features, target)
            coefficients[used], intercept = solver.coef_, float(solver.intercept_)
        self.assign(coefficients[None, :], np.array([intercept]))


class Logistic(Linear):
    """Multinomial logistic regression; `inverse_penalty` is scikit-learn's C."""

    kind = "classification"

    def __init__(self, *, shape: Shape, features: Callable[..., Features], inverse_penalty: float) -> None:
        super().__init__(shape, features)
        self.inverse_penalty = inverse_penalty

    def solve(self, inputs: Sequence[Tensor], target: npt.NDArray[Any]) -> None:
        from sklearn.linear_model import LogisticRegression

        solver = LogisticRegression(C=self.inverse_penalty, max_iter=5000, tol=1e-6)
        solver.fit(self.matrix(inputs), target)
        weight, bias = solver.coef_, solver.intercept_
        if len(solver.classes_) == 2:  # one row of weights: the log odds of the second class
            weight, bias = np.vstack([-weight, weight]) / 2, np.hstack([-bias, bias]) / 2
        self.assign(weight, bias)


def _stacked(inputs: Sequence[Tensor]) -> Tensor:
    longest = max(tokens.shape[1] for tokens in inputs)
    filled = [nn.functional.pad(tokens, (0, longest - tokens.shape[1]), value=PAD) for tokens in inputs]
    return torch.cat(filled)


def _normal_equations(features: Any, target: npt.NDArray[np.float64], alpha: float) -> tuple[Any, float]:
    """Coefficients (features,) and intercept of ridge regression, by Cholesky."""
    from scipy.linalg import solve
    from scipy.sparse import issparse

    mean = features.mean(axis=0)
    products = features.T @ features
    gram = (products.toarray() if issparse(products) else products) - len(target) * np.outer(mean, mean)
    gram[np.diag_indices_from(gram)] += alpha
    coefficients = solve(gram, features.T @ (target - target.mean()), assume_a="pos")
    return coefficients, float(target.mean() - mean @ coefficients)
