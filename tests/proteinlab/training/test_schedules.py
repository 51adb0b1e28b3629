from itertools import pairwise

import pytest
import torch

from proteinlab.training.errors import UserError
from proteinlab.training.schedules import schedule


def rates(scheduler: torch.optim.lr_scheduler.LRScheduler, steps: int) -> list[float]:
    seen = []
    for _ in range(steps):
        seen.append(scheduler.get_last_lr()[0])
        scheduler.optimizer.step()
        scheduler.step()
    return seen


def optimizer() -> torch.optim.Optimizer:
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.5)


@pytest.mark.parametrize("shape", ["linear", "cosine"])
def test_rises_to_the_peak_and_falls_to_the_end(shape: str) -> None:
    seen = rates(schedule(optimizer(), 100, shape, warmup=0.1, final=0.2), 101)
    assert seen[:10] == pytest.approx([0.05 * step for step in range(1, 11)])
    assert max(seen) == pytest.approx(0.5)
    assert all(later <= earlier for earlier, later in pairwise(seen[10:]))
    assert seen[-1] == pytest.approx(0.1)
    middle = {"linear": 0.3, "cosine": 0.3}[shape]
    assert seen[55] == pytest.approx(middle)


def test_constant_rises_and_stays() -> None:
    seen = rates(schedule(optimizer(), 20, "constant", warmup=0.1, final=0.0), 20)
    assert seen == pytest.approx([0.25, *[0.5] * 19])


@pytest.mark.parametrize(
    ("shape", "warmup", "code"), [("cosin", 0.1, "unknown_schedule"), ("cosine", 500.0, "bad_schedule")]
)
def test_what_is_no_schedule(shape: str, warmup: float, code: str) -> None:
    with pytest.raises(UserError) as caught:
        schedule(optimizer(), 10, shape, warmup, 0.0)
    assert caught.value.code == code
