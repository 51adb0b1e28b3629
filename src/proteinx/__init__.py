"""What master, workers and notebooks share: contracts, SDK, the `px` command. No torch."""
