"""Learning rates over a run, as functions of steps."""

import math
from collections.abc import Callable

from torch.optim import Optimizer
from torch.optim.lr_scheduler import LambdaLR

from proteinlab.training.errors import UserError

# From 1 to 0 over the part of the run after the rise, from 0 to 1.
SHAPES: dict[str, Callable[[float], float]] = {
    "constant": lambda done: 1.0,
    "linear": lambda done: 1.0 - done,
    "cosine": lambda done: 0.5 * (1.0 + math.cos(math.pi * done)),
}


def schedule(optimizer: Optimizer, total_steps: int, shape: str, warmup: float, final: float) -> LambdaLR:
    """Linear rise over the fraction `warmup` of the run, then by `shape` down to `final` times the peak.

    A constant rate stays at the peak. Raises UserError: unknown_schedule, bad_schedule.
    """
    if shape not in SHAPES:
        raise UserError("unknown_schedule", f"model.scheduler.shape={shape} is unknown: take {', '.join(SHAPES)}.")
    if not 0.0 <= warmup <= 1.0 or not 0.0 <= final <= 1.0:
        raise UserError("bad_schedule", "model.scheduler.warmup and final are parts: take numbers from 0 to 1.")
    rising = max(1, round(warmup * total_steps)) if warmup else 0

    def factor(step: int) -> float:
        if step < rising:
            return (step + 1) / rising
        done = min(1.0, (step - rising) / max(1, total_steps - rising))
        return final + (1.0 - final) * SHAPES[shape](done)

    return LambdaLR(optimizer, factor)
