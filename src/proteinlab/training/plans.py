"""Which samples make an optimizer step together, over all devices and accumulated parts.

A plan knows nothing of how many devices share a step, so that the steps stay the same when that changes.
"""

import math
from typing import Protocol

import numpy as np

from proteinlab.training.errors import UserError
from proteinlab.training.outputs import Index

# Within a bucket the shortest is at most so much shorter: padding then wastes a tenth at worst.
_SHORTEST = 0.9
# By so much a length is off when samples are mixed.
_NOISE = 0.1
# A bucket makes at least so many steps: with one, the same samples would always meet.
_STEPS = 4


class Plan(Protocol):
    def __len__(self) -> int:
        """Steps of an epoch, every epoch."""

    def steps(self, generator: np.random.Generator | None) -> list[Index]:
        """The samples of each step; shuffled by the generator, if there is one."""


class FixedSize:
    """`size` samples a step; the last may have fewer."""

    def __init__(self, samples: int, size: int) -> None:
        self._samples = samples
        self._size = size

    def __len__(self) -> int:
        return math.ceil(self._samples / self._size)

    def steps(self, generator: np.random.Generator | None) -> list[Index]:
        order = np.arange(self._samples) if generator is None else generator.permutation(self._samples)
        return [order[start : start + self._size] for start in range(0, self._samples, self._size)]


class TokenBudget:
    """Samples of like length together, so that little is padding.

    Each of a step's `parts` (devices times accumulated batches) holds at most `tokens`, padding included. Samples
    are put in buckets of like length; each epoch mixes within buckets, cuts them into steps and shuffles these, so
    that every epoch has as many. A bucket too small to be mixed takes in shorter samples. With `alone`, a sample
    longer than the budget is a step by itself; else it is an error (batch_tokens_too_small).
    """

    def __init__(self, lengths: Index, tokens: int, parts: int = 1, alone: bool = False) -> None:
        longest = int(lengths.max())
        if longest > tokens and not alone:
            raise UserError(
                "batch_tokens_too_small",
                f"The longest sample has {longest} residues, a batch at most {tokens}: raise data.batch_tokens.",
            )
        self._lengths = lengths
        self._buckets = _buckets(lengths, tokens, parts)

    def __len__(self) -> int:
        return sum(math.ceil(len(members) / size) for members, size in self._buckets)

    def steps(self, generator: np.random.Generator | None) -> list[Index]:
        steps = []
        for members, size in self._buckets:
            order = members if generator is None else self._mixed(members, generator)
            steps += [order[start : start + size] for start in range(0, len(order), size)]
        return steps if generator is None else [steps[i] for i in generator.permutation(len(steps))]

    def _mixed(self, members: Index, generator: np.random.Generator) -> Index:
        """By length, but each length a little off: in the order of every epoch others are neighbours."""
        noise = generator.uniform(1.0 - _NOISE, 1.0 + _NOISE, len(members))
        mixed: Index = members[np.argsort(-self._lengths[members] * noise, kind="stable")]
        return mixed


def _buckets(lengths: Index, tokens: int, parts: int) -> list[tuple[Index, int]]:
    """Samples of each bucket and how many of them make a step; longest first."""
    order = np.argsort(-lengths, kind="stable")
    ordered = lengths[order]
    buckets, start = [], 0
    while start < len(order):
        longest = int(ordered[start])
        size = parts * max(1, tokens // longest)
        alike = int(np.searchsorted(-ordered, -_SHORTEST * longest, side="right"))
        stop = max(alike, start + _STEPS * size)
        if len(order) - stop < _STEPS * size:
            stop = len(order)
        buckets.append((order[start:stop], size))
        start = stop
    return buckets
