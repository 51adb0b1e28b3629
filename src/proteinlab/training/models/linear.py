"""Linear models on one-hot sequences, solved exactly: the baseline every network has to beat."""

from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from proteinlab.training.models.onehot import CHANNELS, one_hot

_LARGEST_GRAM = 8192  # features; the matrix of the normal equations then takes 512 MB


class OneHotLinear(nn.Module):
    """outputs = W x + b, with x the one-hot sequence, filled up with zeros to `length` residues."""

    def __init__(self, outputs: int, length: int) -> None:
        super().__init__()
        self.length = self.longest = length
        self.linear = nn.Linear(length * CHANNELS, outputs)

    def forward(self, tokens: Tensor) -> Tensor:
        """(batch, length or less) tokens -> (batch, outputs)."""
        x = one_hot(tokens, self.linear.weight.dtype)  # (batch, tokens, channels)
        missing = self.length - x.shape[1]
        x = nn.functional.pad(x, (0, 0, 0, missing)).flatten(1)  # (batch, length * channels)
        out: Tensor = self.linear(x)
        return out

    def features(self, tokens: Tensor) -> Any:
        """The same one-hot vectors as a sparse matrix (batch, length * channels), for the solvers."""
        from scipy.sparse import csr_array

        rows, positions = torch.nonzero(tokens < CHANNELS, as_tuple=True)
        columns = positions * CHANNELS + tokens[rows, positions].long()
        shape = (len(tokens), self.length * CHANNELS)
        return csr_array((np.ones(len(rows)), (rows.numpy(), columns.numpy())), shape=shape)

    def assign(self, weight: npt.NDArray[Any], bias: npt.NDArray[Any]) -> None:
        with torch.no_grad():
            self.linear.weight.copy_(torch.as_tensor(weight))
            self.linear.bias.copy_(torch.as_tensor(bias))


class Ridge(OneHotLinear):
    """Least squares with an L2 penalty on the weights, not on the intercept."""

    question = "regression"

    def __init__(self, outputs: int, length: int, alpha: float) -> None:
        super().__init__(outputs, length)
        self.alpha = alpha

    def solve(self, tokens: Tensor, target: npt.NDArray[Any]) -> None:
        """Normal equations over the letters that occur; conjugate gradients where they would not fit."""
        features = self.features(tokens)
        used = np.flatnonzero(features.sum(axis=0))
        features = features[:, used]
        coefficients = np.zeros(self.length * CHANNELS)
        if len(used) <= _LARGEST_GRAM:
            coefficients[used], intercept = _normal_equations(features, target.astype(np.float64), self.alpha)
        else:
            from sklearn.linear_model import Ridge as Solver

            solver = Solver(alpha=self.alpha, solver="sparse_cg", tol=1e-10).fit(features, target)
            coefficients[used], intercept = solver.coef_, float(solver.intercept_)
        self.assign(coefficients[None, :], np.array([intercept]))


class Logistic(OneHotLinear):
    """Multinomial logistic regression; `inverse_penalty` is scikit-learn's C."""

    question = "classification"

    def __init__(self, outputs: int, length: int, inverse_penalty: float) -> None:
        super().__init__(outputs, length)
        self.inverse_penalty = inverse_penalty

    def solve(self, tokens: Tensor, target: npt.NDArray[Any]) -> None:
        from sklearn.linear_model import LogisticRegression

        solver = LogisticRegression(C=self.inverse_penalty, max_iter=5000, tol=1e-6)
        solver.fit(self.features(tokens), target)
        weight, bias = solver.coef_, solver.intercept_
        if len(solver.classes_) == 2:  # one row of weights: the log odds of the second class
            weight, bias = np.vstack([-weight, weight]) / 2, np.hstack([-bias, bias]) / 2
        self.assign(weight, bias)


def _normal_equations(features: Any, target: npt.NDArray[np.float64], alpha: float) -> tuple[Any, float]:
    """Coefficients (features,) and intercept of ridge regression on a sparse matrix, by Cholesky."""
    from scipy.linalg import solve

    mean = features.mean(axis=0)
    gram = (features.T @ features).toarray() - len(target) * np.outer(mean, mean)
    gram[np.diag_indices_from(gram)] += alpha
    coefficients = solve(gram, features.T @ (target - target.mean()), assume_a="pos")
    return coefficients, float(target.mean() - mean @ coefficients)
