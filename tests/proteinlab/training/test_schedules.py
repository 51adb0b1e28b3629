from itertools import pairwise

import pytest
import torch

from proteinlab.training.schedules import constant, warmup_cosine


def rates(scheduler: torch.optim.lr_scheduler.LRScheduler, steps: int) -> list[float]:
    seen = []
    for _ in range(steps):
        seen.append(scheduler.get_last_lr()[0])
        scheduler.optimizer.step()
        scheduler.step()
    return seen


def optimizer() -> torch.optim.Optimizer:
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.5)


def test_rises_to_the_peak_and_falls_to_the_end() -> None:
    seen = rates(warmup_cosine(optimizer(), total_steps=100, warmup=0.1, final=0.2), 101)
    assert seen[:10] == pytest.approx([0.05 * step for step in range(1, 11)])
    assert max(seen) == pytest.approx(0.5)
    assert all(later <= earlier for earlier, later in pairwise(seen[10:]))
    assert seen[-1] == pytest.approx(0.1)


def test_constant_stays() -> None:
    assert set(rates(constant(optimizer(), total_steps=3), 3)) == {0.5}
