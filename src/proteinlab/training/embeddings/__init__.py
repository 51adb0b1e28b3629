"""States of a protein language model for many sequences, kept by content."""

from proteinlab.training.embeddings.story import embed

__all__ = ["embed"]
