"""Automatic batch size: the largest power of two whose training step fits into the device's memory."""

import copy

import numpy as np
import torch

from proteinlab.training.batchrule import BatchRule
from proteinlab.training.callbacks.randomness import random_state, restore_random_state
from proteinlab.training.encoded import Batch, Encoded
from proteinlab.training.errors import UserError
from proteinlab.training.inference import batch_to
from proteinlab.training.memory import free_memory, is_out_of_memory, largest_that_fits
from proteinlab.training.outputs import Index
from proteinlab.training.recipe import Recipe

# A CPU has no limit of its own that can be tried without harm to the machine, so it gets a modest batch.
_MOST_TOKENS = {"cpu": 16384}
_MOST_TOKENS_GPU = 262144
_MOST_SAMPLES = 1024


def chosen_rule(rule: BatchRule, recipe: Recipe, data: Encoded, device: torch.device) -> BatchRule:
    """`rule` with the size that it leaves open. The random state is as before. Raises UserError out_of_memory.

    What is tried is a batch of the longest samples: forward, loss and backward. What the optimizer takes besides
    is left to the retry of a run that is out of memory.
    """
    if rule.size is not None:
        return rule
    state = random_state()
    usable = data.having_rows()
    longest = np.argsort(-usable.lengths, kind="stable")
    tokens = int(usable.lengths.max())
    limit = min(_MOST_SAMPLES, len(usable), max(1, _MOST_TOKENS.get(device.type, _MOST_TOKENS_GPU) // tokens))
    found = _largest(copy.deepcopy(recipe).to(device), usable, longest, limit, device)
    free_memory()
    restore_random_state(state)
    if found is None:
        detail = f"Not even one sequence of {tokens} residues fits into the memory of {device}: take a smaller model."
        raise UserError("out_of_memory", detail)
    return rule.sized(found if rule.unit == "samples" else found * tokens)


def _largest(trial: Recipe, data: Encoded, order: Index, limit: int, device: torch.device) -> int | None:
    return largest_that_fits(lambda samples: _fits(trial, data.batch(order[:samples]), device), 1, limit)


def _fits(trial: Recipe, batch: Batch, device: torch.device) -> bool:
    try:
        on_device = batch_to(batch, device)
        trial.task.loss(trial(on_device).float(), on_device["target"]).backward()  # type: ignore[no-untyped-call]
    except RuntimeError as error:
        if not is_out_of_memory(error):
            raise
        return False
    finally:
        trial.zero_grad(set_to_none=True)
    return True
