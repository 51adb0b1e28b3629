"""States of a frozen encoder, read from disk where they were computed before."""

from collections.abc import Callable

import torch
from torch import Tensor

from proteinlab.training.alphabet import PAD
from proteinlab.training.embeddings.cache import EmbeddingCache


def cached_states(cache: EmbeddingCache, tokens: Tensor, width: int, compute: Callable[[Tensor], Tensor]) -> Tensor:
    """(batch, length, width); padding is zero. What is missing is computed together and kept."""
    lengths = (tokens != PAD).sum(dim=1).tolist()
    on_cpu = tokens.cpu().numpy()
    sequences = [row[:length] for row, length in zip(on_cpu, lengths, strict=True)]
    states = torch.zeros(*tokens.shape, width)
    missing = []
    for row, sequence in enumerate(sequences):
        found = cache.find(sequence)
        if found is None:
            missing.append(row)
        else:
            states[row, : len(sequence)] = torch.from_numpy(found)
    if missing:
        for row, computed in zip(missing, compute(tokens[missing]).float().cpu(), strict=True):
            kept = computed[: lengths[row]]
            cache.keep(sequences[row], kept.numpy())
            states[row, : lengths[row]] = kept
    return states.to(tokens.device)
