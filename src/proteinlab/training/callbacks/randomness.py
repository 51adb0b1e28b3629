"""The state of the random generators, as a checkpoint can hold it."""

import random
from typing import Any

import numpy as np
import torch

State = dict[str, Any]


def random_state() -> State:
    """Of Python, NumPy, torch and this process's GPU, in types that torch loads without running code."""
    _, words, position, has_gauss, gauss = np.random.get_state()
    state: State = {
        "python": random.getstate(),
        "numpy": (torch.from_numpy(np.asarray(words).astype(np.int64)), position, has_gauss, gauss),
        "torch": torch.get_rng_state(),
    }
    if torch.cuda.is_available() and torch.cuda.is_initialized():  # type: ignore[no-untyped-call]
        state["cuda"] = torch.cuda.get_rng_state()
    return state


def restore_random_state(state: State) -> None:
    version, words, gauss_python = state["python"]
    random.setstate((version, tuple(words), gauss_python))
    keys, position, has_gauss, gauss = state["numpy"]
    np.random.set_state(("MT19937", keys.numpy().astype(np.uint32), position, has_gauss, gauss))
    torch.set_rng_state(state["torch"])
    if "cuda" in state and torch.cuda.is_available():
        torch.cuda.set_rng_state(state["cuda"])
