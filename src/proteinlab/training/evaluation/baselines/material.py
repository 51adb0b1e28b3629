"""What a baseline may use."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from proteinlab.stats.arrays import Array
from proteinlab.stats.kinds import Kind
from proteinlab.training.alphabet import Tokens
from proteinlab.training.evaluation.answers import Questions
from proteinlab.training.evaluation.kinship import Kinship
from proteinlab.training.outputs import Index

MOST_TRAINING_ROWS: Final = 20_000
"""A baseline learns from at most so many training rows, drawn at random from all."""


@dataclass(frozen=True)
class Material:
    """`tokens` and `partners` (samples) hold all samples; `classes` are how many classes or labels there are."""

    kind: Kind
    classes: int
    tokens: Sequence[Tokens]
    partners: Sequence[Tokens] | None
    train: Questions
    test: Questions
    kinship: Kinship
    first: int
    """The residue, counted from 1, that the first token stands for."""

    @property
    def numbers(self) -> Array:
        """Training targets (rows, outputs) to be averaged: numbers, or 1 for the class or each of the labels."""
        if self.kind == "classification":
            indicators: Array = np.eye(self.classes)[self.train.truth]
            return indicators
        return self.train.truth.reshape(len(self.train), -1).astype(np.float64)

    def shaped(self, answers: Array) -> Array:
        """(rows, outputs) as scores take it."""
        return answers[:, 0] if self.kind == "regression" else answers

    def drawn(self, limit: int = MOST_TRAINING_ROWS) -> Index:
        """The training rows used, at most `limit`."""
        rows = len(self.train)
        chosen: Index = np.sort(np.random.default_rng(0).permutation(rows)[:limit])
        return chosen


@dataclass(frozen=True)
class Baseline:
    """`about` says in one line what it does."""

    name: str
    about: str
    answer: Callable[[Material], Array]
