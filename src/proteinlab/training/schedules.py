"""Learning rates over a run, as functions of steps."""

import math

from torch.optim import Optimizer
from torch.optim.lr_scheduler import LambdaLR


def warmup_cosine(optimizer: Optimizer, total_steps: int, warmup: float, final: float) -> LambdaLR:
    """Linear rise over the fraction `warmup` of the run, then half a cosine to `final` times the peak."""
    rising = max(1, round(warmup * total_steps))

    def factor(step: int) -> float:
        if step < rising:
            return (step + 1) / rising
        done = min(1.0, (step - rising) / max(1, total_steps - rising))
        return final + (1.0 - final) * 0.5 * (1.0 + math.cos(math.pi * done))

    return LambdaLR(optimizer, factor)


def constant(optimizer: Optimizer, total_steps: int) -> LambdaLR:
    """The learning rate of the optimizer throughout."""
    del total_steps
    return LambdaLR(optimizer, lambda step: 1.0)
