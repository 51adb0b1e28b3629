"""Outputs of a network for many samples."""

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from proteinlab.training.encoded import Batch, Encoded
from proteinlab.training.memory import free_memory, is_out_of_memory
from proteinlab.training.metrics import Array
from proteinlab.training.outputs import Outputs
from proteinlab.training.plans import TokenBudget

BATCH_TOKENS = 65536


def forward_rows(net: nn.Module, batch: Batch) -> Tensor:
    """(rows, outputs): a row for each sample of the batch, or for each residue that counts."""
    tokens = batch["tokens"]
    outputs: Tensor = net(tokens, batch["partner"]) if "partner" in batch else net(tokens)
    if "place" in batch:
        outputs = outputs.flatten(0, 1)[batch["place"]]
    return outputs


def network_outputs(
    net: nn.Module, encoded: Encoded, batch_tokens: int = BATCH_TOKENS, dropout: bool = False
) -> Outputs:
    """Outputs in the order given. Batches hold like lengths, up to `batch_tokens` with their padding.

    Where that is too much for the memory, half as many are tried, down to one sequence at a time.
    """
    try:
        return _outputs(net, encoded, batch_tokens, dropout)
    except RuntimeError as error:
        if not is_out_of_memory(error) or batch_tokens < int(encoded.lengths.max()):
            raise
    free_memory()
    return network_outputs(net, encoded, batch_tokens // 2, dropout)


def _outputs(net: nn.Module, encoded: Encoded, batch_tokens: int, dropout: bool) -> Outputs:
    device = next(net.parameters()).device
    found: list[tuple[np.ndarray, np.ndarray]] = []
    net.eval()
    for layer in net.modules():
        if dropout and isinstance(layer, nn.Dropout):
            layer.train()
    with torch.inference_mode():
        for index in TokenBudget(encoded.lengths, batch_tokens, alone=True).steps(None):
            batch = batch_to(encoded.batch(index), device)
            rows = index if encoded.places is None else encoded.places.items(index)
            found.append((rows, forward_rows(net, batch).double().cpu().numpy()))
    net.eval()
    values = np.empty((int(encoded.row_counts.sum()), found[0][1].shape[1]))
    for rows, part in found:
        values[rows] = part
    if encoded.places is None:
        return Outputs(values, np.arange(len(encoded)), None)
    return Outputs(values, encoded.places.owners(), encoded.places.flat + encoded.first)


def batch_to(batch: Batch, device: torch.device) -> Batch:
    moved: Any = {name: part.to(device) if isinstance(part, Tensor) else part for name, part in batch.items()}
    result: Batch = moved
    return result


def dropout_outputs(net: nn.Module, encoded: Encoded, passes: int) -> list[Array]:
    """Values of several passes in which dropout stays on, (rows, outputs) each; the same at each call."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return [network_outputs(net, encoded, dropout=True).values for _ in range(passes)]
