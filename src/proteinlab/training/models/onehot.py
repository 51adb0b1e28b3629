"""Tokens as indicator vectors."""

import torch
from torch import Tensor
from torch.nn import functional

from proteinlab.training.alphabet import PAD

CHANNELS = PAD  # one a letter; padding is all zero


def one_hot(tokens: Tensor, dtype: torch.dtype = torch.float32) -> Tensor:
    """(batch, length) -> (batch, length, CHANNELS); padded positions are zero."""
    return functional.one_hot(tokens.long(), CHANNELS + 1)[..., :CHANNELS].to(dtype)
