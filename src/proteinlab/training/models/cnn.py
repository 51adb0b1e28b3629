"""The convolutional baseline of FLIP."""

import torch
from torch import Tensor, nn

from proteinlab.training.alphabet import PAD
from proteinlab.training.models.onehot import CHANNELS, one_hot


class SequenceCNN(nn.Module):
    """One convolution over one-hot residues, a dense layer per position, the maximum over positions.

    The architecture of the CNN in FLIP (Dallago et al., NeurIPS Datasets and Benchmarks 2021), where
    filters is 1,024, kernel_size 5 and hidden 2,048. Padding never wins the maximum here.
    """

    def __init__(
        self, *, outputs: int, length: int, filters: int, kernel_size: int, hidden: int, dropout: float
    ) -> None:
        super().__init__()
        del length  # any will do
        self.convolution = nn.Conv1d(CHANNELS, filters, kernel_size, padding="same")
        self.dense = nn.Linear(filters, hidden)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(hidden, outputs)

    def forward(self, tokens: Tensor) -> Tensor:
        """(batch, length) tokens -> (batch, outputs)."""
        padding = (tokens == PAD).unsqueeze(-1)
        x = one_hot(tokens, self.head.weight.dtype).transpose(1, 2)  # (batch, channels, length)
        x = torch.relu(self.convolution(x)).transpose(1, 2)  # (batch, length, filters)
        x = torch.relu(self.dense(x))  # (batch, length, hidden)
        x = x.masked_fill(padding, 0.0).amax(dim=1)  # (batch, hidden); relu's floor is 0
        out: Tensor = self.head(self.dropout(x))
        return out
