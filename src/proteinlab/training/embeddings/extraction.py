"""Computing what the cache lacks, a batch of like lengths at a time."""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from proteinlab.training.alphabet import PAD, Tokens
from proteinlab.training.embeddings.cache import EmbeddingCache
from proteinlab.training.models.pretrained import FrozenEncoder
from proteinlab.training.plans import TokenBudget
from proteinlab.training.ragged import Ragged

PRECISIONS: dict[str, torch.dtype] = {"float32": torch.float32, "float16": torch.float16, "bfloat16": torch.bfloat16}


def fill_cache(
    encoder: FrozenEncoder,
    cache: EmbeddingCache,
    sequences: Sequence[Tokens],
    *,
    mean: bool,
    precision: str,
    batch_tokens: int,
    said: Callable[[int, int], None],
) -> int:
    """Compute and keep what is missing; returns how many sequences that were. `said` hears of progress.

    Half precisions compute so and are kept as float16. Repeated sequences are computed once.
    """
    missing = [tokens for tokens in _distinct(sequences) if cache.find(tokens) is None]
    if not missing:
        return 0
    ragged = Ragged.of(missing)
    done = 0
    for index in TokenBudget(ragged.lengths, batch_tokens, alone=True).steps(None):
        tokens = torch.from_numpy(ragged.padded(index, PAD)).to(_device(encoder))
        for sample, states in zip(index.tolist(), _states(encoder, tokens, precision), strict=True):
            kept = states[: len(missing[sample])]
            cache.keep(missing[sample], kept.mean(axis=0, dtype=np.float32).astype(kept.dtype) if mean else kept)
        done += len(index)
        said(done, len(missing))
    return len(missing)


def _distinct(sequences: Sequence[Tokens]) -> list[Tokens]:
    return list({tokens.tobytes(): tokens for tokens in sequences}.values())


def _device(encoder: FrozenEncoder) -> torch.device:
    return encoder.translator.table.device


def _states(encoder: FrozenEncoder, tokens: Tensor, precision: str) -> npt.NDArray[Any]:
    """(batch, length, width)"""
    kind = PRECISIONS[precision]
    half = kind is not torch.float32
    with torch.inference_mode(), torch.autocast(tokens.device.type, kind) if half else nullcontext():
        states = encoder.computed(tokens)
    array: npt.NDArray[Any] = states.to(torch.float16 if half else torch.float32).cpu().numpy()
    return array
