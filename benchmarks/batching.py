"""Residues per second of training on whole proteomes: batches of like lengths beside naive padding.

The sequences are made up with the lengths of the meltome atlas, since the time depends on nothing else. Both ways train
the same network with batches of the same budget in tokens, padding included, in turns; naive batches are drawn in
random order and cut where the budget is full. Work and order of a pass are the same in every round.
"""

import os
import statistics
import time
from collections.abc import Iterator
from typing import Final

import numpy as np
import torch

from benchmarks.figures import Figure
from proteinlab.training.encoded import Batch, Encoded
from proteinlab.training.models.cnn import cnn
from proteinlab.training.models.network import Shape
from proteinlab.training.outputs import Index
from proteinlab.training.plans import TokenBudget

BUDGET: Final = 16384
SEQUENCES: Final = 800
ROUNDS: Final = 5
TARGET: Final = 1.5
MELTOME_LENGTHS: Final = (
    *(39, 112, 138, 158, 182, 200, 218, 239, 257, 279, 297, 315, 334, 350, 368, 387, 405, 419, 437, 457, 481),
    *(503, 524, 548, 577, 606, 634, 666, 700, 737, 784, 837, 893, 962, 1040, 1124, 1249, 1419, 1697, 2179, 8797),
)
"""Residues at every fortieth of FLIP's early meltome set (4,444 sequences), shortest first."""


def measure() -> list[Figure]:
    data = _sequences()
    net = cnn(shape=Shape(1, int(data.lengths.max())), filters=64, kernel_size=5, hidden=64, dropout=0.0)
    ratios, rates = [], []
    for number in range(ROUNDS):
        order = (_bucketed, _naive) if number % 2 else (_naive, _bucketed)
        took = {way.__name__: _seconds(net, way(data, number), data) for way in order}
        ratios.append(took["_naive"] / took["_bucketed"])
        rates.append(int(data.lengths.sum()) / took["_bucketed"])
    median = statistics.median(ratios)
    padding = [1 - data.lengths.sum() / _padded(data, way(data, 0)) for way in (_bucketed, _naive)]
    return [
        Figure(
            f"residues per second, batches of like lengths, median ratio of {ROUNDS} pairs",
            f"{median:.2f} ({min(ratios):.2f} to {max(ratios):.2f}); {statistics.median(rates):,.0f} a second, "
            f"{padding[0]:.0%} padding",
            f"naive padding, the same {BUDGET:,} tokens a batch: {padding[1]:.0%} padding",
            f"at least {TARGET}",
            median >= TARGET,
        )
    ]


def _sequences() -> Encoded:
    generator = np.random.default_rng(0)
    spread = np.linspace(0, 1, len(MELTOME_LENGTHS))
    lengths = np.interp(generator.random(SEQUENCES), spread, MELTOME_LENGTHS).astype(np.int64)
    tokens = [generator.integers(0, 20, length, dtype=np.uint8) for length in lengths]
    return Encoded.of(tokens, "sequence", targets=generator.normal(size=SEQUENCES).astype(np.float32))


def _bucketed(data: Encoded, epoch: int) -> list[Index]:
    return TokenBudget(data.lengths, BUDGET).steps(np.random.default_rng(epoch))


def _naive(data: Encoded, epoch: int) -> list[Index]:
    return list(_cut(data.lengths, np.random.default_rng(epoch).permutation(len(data))))


def _cut(lengths: Index, order: Index) -> Iterator[Index]:
    start, longest = 0, 0
    for stop, sample in enumerate(order):
        longest = max(longest, int(lengths[sample]))
        if longest * (stop + 1 - start) > BUDGET:
            yield order[start:stop]
            start, longest = stop, int(lengths[sample])
    yield order[start:]


def _padded(data: Encoded, steps: list[Index]) -> int:
    return sum(int(data.lengths[step].max()) * len(step) for step in steps)


def _seconds(net: torch.nn.Module, steps: list[Index], data: Encoded) -> float:
    torch.set_num_threads(os.cpu_count() or 1)
    optimizer = torch.optim.AdamW(net.parameters())
    started = time.perf_counter()
    for step in steps:
        batch: Batch = data.batch(step)
        loss = torch.nn.functional.mse_loss(net(batch["tokens"]).squeeze(-1), batch["target"])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return time.perf_counter() - started
