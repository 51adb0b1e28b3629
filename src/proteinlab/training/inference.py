"""Outputs of a network for many sequences."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import nn

from proteinlab.training.alphabet import Tokens
from proteinlab.training.batches import Encoded
from proteinlab.training.metrics import Array

BATCH_TOKENS = 65536


def network_outputs(net: nn.Module, tokens: Sequence[Tokens], outputs: int) -> Array:
    """Shape (sequences, outputs), in the order given. Batches hold like lengths, up to 65,536 tokens."""
    encoded = Encoded.from_tokens(tokens, np.zeros(len(tokens)))
    results = np.empty((len(tokens), outputs))
    device = next(net.parameters()).device
    net.eval()
    with torch.inference_mode():
        for index in _by_length(encoded.lengths):
            batch = encoded.batch(index)["tokens"].to(device)
            results[index] = net(batch).double().cpu().numpy()
    return results


def _by_length(lengths: np.ndarray) -> list[np.ndarray]:
    """Sample indices, longest first, cut so that no padded batch exceeds BATCH_TOKENS."""
    order = np.argsort(-lengths, kind="stable")
    batches, start = [], 0
    while start < len(order):
        size = max(1, BATCH_TOKENS // int(lengths[order[start]]))
        batches.append(order[start : start + size])
        start += size
    return batches
