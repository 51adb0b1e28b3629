"""One state for a sequence from those of its residues; padding never counts."""

import torch
from torch import Tensor, nn

from proteinlab.training.errors import UserError


class MaxPooling(nn.Module):
    """The largest value of each channel."""

    def __init__(self, width: int) -> None:
        super().__init__()
        del width

    def forward(self, states: Tensor, padding: Tensor) -> Tensor:
        """(batch, length, width) and (batch, length) -> (batch, width)."""
        return states.masked_fill(padding.unsqueeze(-1), -torch.inf).amax(dim=1)


class MeanPooling(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        del width

    def forward(self, states: Tensor, padding: Tensor) -> Tensor:
        """(batch, length, width) and (batch, length) -> (batch, width)."""
        kept = states.masked_fill(padding.unsqueeze(-1), 0.0).sum(dim=1)
        return kept / (~padding).sum(dim=1, keepdim=True)


class AttentionPooling(nn.Module):
    """A mean weighted by a learned score of each residue (Bahdanau et al. 2015, with one query)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.hidden = nn.Linear(width, width)
        self.score = nn.Linear(width, 1, bias=False)

    def forward(self, states: Tensor, padding: Tensor) -> Tensor:
        """(batch, length, width) and (batch, length) -> (batch, width)."""
        states = states.masked_fill(padding.unsqueeze(-1), 0.0)  # whatever padding holds, 0 times it is 0
        scores = self.score(torch.tanh(self.hidden(states))).squeeze(-1)  # (batch, length)
        weights = scores.masked_fill(padding, -torch.inf).softmax(dim=1)
        return torch.einsum("bl,blw->bw", weights, states)


POOLINGS: dict[str, type[nn.Module]] = {"max": MaxPooling, "mean": MeanPooling, "attention": AttentionPooling}


def pooling_of(name: str, width: int) -> nn.Module:
    """Raises UserError unknown_pooling."""
    if name not in POOLINGS:
        raise UserError("unknown_pooling", f"model.net.pooling={name} is unknown: take {', '.join(POOLINGS)}.")
    return POOLINGS[name](width)
