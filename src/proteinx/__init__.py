"""What master, workers and notebooks share: contracts, SDK, the `px` command. No torch."""

__version__ = "0.1.0"
