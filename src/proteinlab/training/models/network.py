"""A network as encoder, pooling and head: the one place that knows what a level asks of a network."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import torch
from torch import Tensor, nn

from proteinlab.training.alphabet import PAD
from proteinlab.training.models.pooling import pooling_of
from proteinlab.training.rows import Level


@dataclass(frozen=True)
class Shape:
    """What data and task ask of a network."""

    outputs: int
    length: int
    """Residues of the longest sequence in the data."""
    level: Level = "sequence"


class Encoder(nn.Module):
    """Tokens (batch, length) -> states (batch, length, width). States of padding may be anything.

    `longest` is the most residues that it takes, None for any number.
    """

    width: int
    longest: int | None = None
    settings: Mapping[str, Any] = MappingProxyType({})
    """What to build it with, instead of config's own, when all its weights come from a saved model."""
    packages: tuple[str, ...] = ()
    """What it needs besides torch."""


class Network(nn.Module):
    """Reads an encoder's states: pooled for a sequence, one by one for residues, of both for a pair.

    A pair is described by the product of its two and by their distance, so that its order makes no difference.
    """

    def __init__(self, encoder: Encoder, shape: Shape, pooling: str, dropout: float) -> None:
        super().__init__()
        self.encoder = encoder
        self.level = shape.level
        self.longest = encoder.longest
        self.settings, self.packages = dict(encoder.settings), encoder.packages
        self.pooling = pooling_of(pooling, encoder.width) if shape.level != "residue" else None
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(encoder.width * (2 if shape.level == "pair" else 1), shape.outputs)

    def forward(self, tokens: Tensor, partner: Tensor | None = None) -> Tensor:
        """(batch, outputs), or (batch, length, outputs) for residues."""
        if partner is not None:
            one, other = self._pooled(tokens), self._pooled(partner)
            states = torch.cat([one * other, (one - other).abs()], dim=-1)
        elif self.pooling is None:
            states = self.encoder(tokens)
        else:
            states = self._pooled(tokens)
        out: Tensor = self.head(self.dropout(states))
        return out

    def _pooled(self, tokens: Tensor) -> Tensor:
        """(batch, width)"""
        if self.pooling is None:
            raise TypeError("a network for residues has no pooling")
        pooled: Tensor = self.pooling(self.encoder(tokens), tokens == PAD)
        return pooled
