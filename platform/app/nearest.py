"""The closest known word, for errors that help: the contracts' own, since notebooks name the nearest too."""

from proteinx.contracts.nearest import choices, hint

__all__ = ["choices", "hint"]
