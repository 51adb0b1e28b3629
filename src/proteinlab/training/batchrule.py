"""How large a batch is."""

from dataclasses import dataclass, replace
from typing import Literal

from proteinlab.training.errors import UserError


@dataclass(frozen=True)
class BatchRule:
    """So many samples, or so many residues with padding, for each device. `size` None is yet to be found out."""

    unit: Literal["samples", "tokens"]
    size: int | None

    @classmethod
    def of(cls, batch_size: int | None, batch_tokens: int | None) -> "BatchRule":
        """0 is for what fits. Raises UserError batch_rule."""
        if (batch_size is None) == (batch_tokens is None):
            raise UserError(
                "batch_rule",
                "A batch is measured in sequences or in residues: set one of data.batch_size and data.batch_tokens, "
                "and the other to null.",
            )
        size = batch_tokens if batch_size is None else batch_size
        if not isinstance(size, int) or size < 0:
            raise UserError("batch_rule", f"A batch of {size} is none: give a number, or 0 for what fits into memory.")
        return cls("tokens" if batch_size is None else "samples", size or None)

    def sized(self, size: int) -> "BatchRule":
        return replace(self, size=size)

    @property
    def known(self) -> int:
        if self.size is None:
            raise TypeError("the batch size is not found out yet")
        return self.size
