"""Recurrent networks: LSTM (Hochreiter and Schmidhuber 1997) and GRU (Cho et al. 2014), in both directions."""

from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from proteinlab.training.alphabet import PAD
from proteinlab.training.errors import UserError
from proteinlab.training.models.network import Encoder, Network, Shape

CELLS: dict[str, type[nn.LSTM | nn.GRU]] = {"lstm": nn.LSTM, "gru": nn.GRU}


class RecurrentEncoder(Encoder):
    """Packed, so that the backward direction starts at each sequence's own end and padding is never computed."""

    def __init__(self, cell: str, embedding: int, hidden: int, layers: int, dropout: float) -> None:
        super().__init__()
        if cell not in CELLS:
            raise UserError("unknown_cell", f"model.net.cell={cell} is unknown: take {', '.join(CELLS)}.")
        self.width = 2 * hidden
        self.embedding = nn.Embedding(PAD + 1, embedding, padding_idx=PAD)
        between = dropout if layers > 1 else 0.0
        self.cells = CELLS[cell](embedding, hidden, layers, batch_first=True, bidirectional=True, dropout=between)

    def forward(self, tokens: Tensor) -> Tensor:
        """(batch, length) -> (batch, length, 2 * hidden)."""
        lengths = (tokens != PAD).sum(dim=1).cpu()
        packed = pack_padded_sequence(self.embedding(tokens.long()), lengths, batch_first=True, enforce_sorted=False)
        states, _ = self.cells(packed)
        padded: Tensor = pad_packed_sequence(states, batch_first=True, total_length=tokens.shape[1])[0]
        return padded


def recurrent(
    *,
    shape: Shape,
    cell: str,
    embedding: int,
    hidden: int,
    layers: int,
    pooling: str,
    dropout: float,
) -> Network:
    return Network(RecurrentEncoder(cell, embedding, hidden, layers, dropout), shape, pooling, dropout)
