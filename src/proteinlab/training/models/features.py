"""Sequences as vectors of fixed length, for linear models."""

from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from proteinlab.training.alphabet import PAD
from proteinlab.training.models.onehot import CHANNELS, one_hot


class Features(Protocol):
    """`width` features of each sequence: `forward` for predicting, `matrix`, sparse or dense, for solving."""

    width: int
    longest: int | None

    def __call__(self, tokens: Tensor) -> Tensor: ...
    def matrix(self, tokens: Tensor) -> Any: ...
    def fit(self, tokens: Tensor) -> None: ...


class OneHot(nn.Module):
    """Which residue stands where; sequences are filled up with zeros to `length` residues."""

    def __init__(self, length: int) -> None:
        super().__init__()
        self.longest: int | None = length
        self._length = length
        self.width = length * CHANNELS

    def fit(self, tokens: Tensor) -> None:
        """Nothing to learn."""

    def forward(self, tokens: Tensor) -> Tensor:
        """(batch, length or less) tokens -> (batch, length * channels)."""
        x = one_hot(tokens)  # (batch, tokens, channels)
        return functional.pad(x, (0, 0, 0, self._length - x.shape[1])).flatten(1)

    def matrix(self, tokens: Tensor) -> Any:
        """The same, sparse."""
        from scipy.sparse import csr_array

        rows, positions = torch.nonzero(tokens < CHANNELS, as_tuple=True)
        columns = positions * CHANNELS + tokens[rows, positions].long()
        return csr_array((np.ones(len(rows)), (rows.numpy(), columns.numpy())), shape=(len(tokens), self.width))


class Composition(nn.Module):
    """How often each residue occurs and, with `pairs`, each two neighbours; and the logarithm of the length.

    Features are standardised by the training rows, so that one penalty suits all of them.
    """

    def __init__(self, length: int, pairs: bool = False) -> None:
        super().__init__()
        del length  # any will do
        self.longest: int | None = None
        self._pairs = pairs
        self.width = CHANNELS + (CHANNELS**2 if pairs else 0) + 1
        self.mean: Tensor
        self.scale: Tensor
        self.register_buffer("mean", torch.zeros(self.width))
        self.register_buffer("scale", torch.ones(self.width))

    def fit(self, tokens: Tensor) -> None:
        plain = self._plain(tokens)
        spread = plain.std(dim=0, unbiased=False)
        self.mean.copy_(plain.mean(dim=0))
        self.scale.copy_(torch.where(spread > 0, spread, 1.0))

    def forward(self, tokens: Tensor) -> Tensor:
        """(batch, length) -> (batch, width)."""
        scaled: Tensor = (self._plain(tokens) - self.mean) / self.scale
        return scaled

    def matrix(self, tokens: Tensor) -> Any:
        return self(tokens).double().numpy()

    def _plain(self, tokens: Tensor) -> Tensor:
        codes = tokens.long()
        lengths = (codes != PAD).sum(dim=1, keepdim=True)
        parts = [_counts(codes, CHANNELS, codes != PAD) / lengths]
        if self._pairs:
            both = (codes[:, :-1] != PAD) & (codes[:, 1:] != PAD)
            neighbours = codes[:, :-1] * CHANNELS + codes[:, 1:]
            parts.append(_counts(neighbours, CHANNELS**2, both) / (lengths - 1).clamp(min=1))
        return torch.cat([*parts, lengths.log()], dim=1).float()


def _counts(codes: Tensor, kinds: int, counted: Tensor) -> Tensor:
    """(batch, kinds): how often each code occurs among those counted."""
    counts = torch.zeros(len(codes), kinds + 1, device=codes.device)
    ones = torch.ones_like(codes, dtype=counts.dtype)
    return counts.scatter_add_(1, codes.masked_fill(~counted, kinds), ones)[:, :kinds]
