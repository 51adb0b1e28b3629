"""A small transformer encoder (Vaswani et al. 2017), trained from scratch.

Normalised before each part, as in GPT-2, with rotary positions (Su et al. 2021), which know no longest sequence.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from proteinlab.training.alphabet import PAD
from proteinlab.training.errors import UserError
from proteinlab.training.models.network import Encoder, Network, Shape


class SelfAttention(nn.Module):
    def __init__(self, width: int, heads: int, dropout: float) -> None:
        super().__init__()
        self._heads = heads
        self._dropout = dropout
        self.query_key_value = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)

    def forward(self, x: Tensor, seen: Tensor, rotation: Tensor) -> Tensor:
        """(batch, length, width); `seen` (batch, 1, 1, length) is False for padding."""
        batch, length, width = x.shape
        parts = self.query_key_value(x).view(batch, length, 3, self._heads, -1).permute(2, 0, 3, 1, 4)
        query, key, value = (
            rotated(parts[0], rotation),
            rotated(parts[1], rotation),
            parts[2],
        )  # (batch, heads, length, d)
        dropout = self._dropout if self.training else 0.0
        mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=seen, dropout_p=dropout)
        out: Tensor = self.out(mixed.transpose(1, 2).reshape(batch, length, width))
        return out


class Block(nn.Module):
    def __init__(self, width: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.attention_norm = nn.LayerNorm(width)
        self.attention = SelfAttention(width, heads, dropout)
        self.dense_norm = nn.LayerNorm(width)
        self.dense = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, seen: Tensor, rotation: Tensor) -> Tensor:
        x = x + self.dropout(self.attention(self.attention_norm(x), seen, rotation))
        grown: Tensor = x + self.dropout(self.dense(self.dense_norm(x)))
        return grown


class TransformerEncoder(Encoder):
    """Raises UserError bad_heads where the width can't be shared out."""

    def __init__(self, width: int, layers: int, heads: int, dropout: float) -> None:
        super().__init__()
        if width % (2 * heads):
            detail = f"model.net.width={width} must be a multiple of twice model.net.heads={heads}."
            raise UserError("bad_heads", detail)
        self.width = width
        self._head_width = width // heads
        self.embedding = nn.Embedding(PAD + 1, width, padding_idx=PAD)
        self.blocks = nn.ModuleList(Block(width, heads, dropout) for _ in range(layers))
        self.norm = nn.LayerNorm(width)

    def forward(self, tokens: Tensor) -> Tensor:
        """(batch, length) -> (batch, length, width)."""
        seen = (tokens != PAD)[:, None, None, :]
        rotation = angles(tokens.shape[1], self._head_width, tokens.device)
        x = self.embedding(tokens.long())
        for block in self.blocks:
            x = block(x, seen, rotation)
        normed: Tensor = self.norm(x)
        return normed


def angles(length: int, width: int, device: torch.device) -> Tensor:
    """(length, width / 2): by how much each pair of channels turns at each position."""
    speeds = 10000.0 ** (-torch.arange(0, width, 2, device=device) / width)
    return torch.outer(torch.arange(length, device=device), speeds)


def rotated(x: Tensor, rotation: Tensor) -> Tensor:
    """(batch, heads, length, width) turned by the angles of its positions."""
    one, other = x.chunk(2, dim=-1)
    cos, sin = rotation.cos().to(x.dtype), rotation.sin().to(x.dtype)
    return torch.cat([one * cos - other * sin, one * sin + other * cos], dim=-1)


def transformer(*, shape: Shape, width: int, layers: int, heads: int, pooling: str, dropout: float) -> Network:
    return Network(TransformerEncoder(width, layers, heads, dropout), shape, pooling, dropout)
