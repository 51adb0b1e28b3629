from functools import partial

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.linear_model import Ridge as ReferenceRidge

from proteinlab.training.alphabet import PAD, encode
from proteinlab.training.models.cnn import cnn
from proteinlab.training.models.features import OneHot
from proteinlab.training.models.linear import Logistic, Ridge
from proteinlab.training.models.network import Shape
from proteinlab.training.models.onehot import one_hot

make_cnn = partial(cnn, filters=8, kernel_size=3, hidden=16, dropout=0.0)


def random_tokens(count: int, length: int) -> torch.Tensor:
    generator = np.random.default_rng(5)
    letters = np.array(list("ACDEFGHIKL"))
    return torch.from_numpy(
        np.stack([encode("".join(row)) for row in letters[generator.integers(0, 10, (count, length))]])
    )


def test_padding_changes_nothing() -> None:
    torch.manual_seed(0)
    net = make_cnn(shape=Shape(2, 9)).eval()
    tokens = random_tokens(3, 7)
    padded = torch.nn.functional.pad(tokens, (0, 4), value=PAD)
    torch.testing.assert_close(net(padded), net(tokens))


def test_cnn_learns_a_motif_wherever_it_stands() -> None:
    torch.manual_seed(0)
    net = make_cnn(shape=Shape(1, 9))
    tokens = random_tokens(400, 9)
    target = ((tokens[:, :-1] == 0) & (tokens[:, 1:] < 4)).any(dim=1).float()
    optimizer = torch.optim.Adam(net.parameters(), 0.01)
    losses = []
    for _ in range(60):
        loss = torch.nn.functional.mse_loss(net(tokens).squeeze(-1), target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.3 * target.var().item()


def test_ridge_is_the_exact_solution() -> None:
    tokens = random_tokens(120, 6)
    target = np.random.default_rng(0).normal(size=120).astype(np.float32)
    net = Ridge(shape=Shape(1, 6), features=OneHot, alpha=2.0)
    net.solve([tokens], target)
    dense = one_hot(tokens, torch.float64).flatten(1).numpy()
    reference = ReferenceRidge(alpha=2.0, solver="svd").fit(dense, target)
    with torch.no_grad():
        np.testing.assert_allclose(net(tokens).squeeze(-1).numpy(), reference.predict(dense), atol=1e-5)


@pytest.mark.parametrize("classes", [2, 3])
def test_logistic_gives_the_probabilities_of_scikit_learn(classes: int) -> None:
    tokens = random_tokens(150, 6)
    target = np.random.default_rng(0).integers(0, classes, 150)
    net = Logistic(shape=Shape(classes, 6), features=OneHot, inverse_penalty=0.5)
    net.solve([tokens], target)
    dense = one_hot(tokens, torch.float64).flatten(1).numpy()
    reference = LogisticRegression(C=0.5, max_iter=5000, tol=1e-6).fit(dense, target)
    with torch.no_grad():
        found = torch.softmax(net(tokens), dim=1).numpy()
    np.testing.assert_allclose(found, reference.predict_proba(dense), atol=1e-3)


def test_shorter_sequences_are_filled_up() -> None:
    net = Ridge(shape=Shape(1, 6), features=OneHot, alpha=1.0)
    assert net(random_tokens(2, 4)).shape == (2, 1)
