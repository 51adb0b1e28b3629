"""The convolutional baseline of FLIP."""

import torch
from torch import Tensor, nn

from proteinlab.training.models.network import Encoder, Network, Shape
from proteinlab.training.models.onehot import CHANNELS, one_hot


class ConvolutionEncoder(Encoder):
    """One convolution over one-hot residues, then a dense layer at each position."""

    def __init__(self, filters: int, kernel_size: int, hidden: int) -> None:
        super().__init__()
        self.width = hidden
        self.convolution = nn.Conv1d(CHANNELS, filters, kernel_size, padding="same")
        self.dense = nn.Linear(filters, hidden)

    def forward(self, tokens: Tensor) -> Tensor:
        """(batch, length) -> (batch, length, hidden)."""
        x = one_hot(tokens, self.dense.weight.dtype).transpose(1, 2)  # (batch, channels, length)
        x = torch.relu(self.convolution(x)).transpose(1, 2)  # (batch, length, filters)
        return torch.relu(self.dense(x))


def cnn(*, shape: Shape, filters: int, kernel_size: int, hidden: int, dropout: float, pooling: str = "max") -> Network:
    """The architecture of the CNN in FLIP (Dallago et al., NeurIPS Datasets and Benchmarks 2021).

    There filters is 1,024, kernel_size 5, hidden 2,048 and pooling the maximum over positions.
    """
    return Network(ConvolutionEncoder(filters, kernel_size, hidden), shape, pooling, dropout)
