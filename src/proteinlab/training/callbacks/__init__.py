"""What happens beside training: checkpoints, progress, metrics, stopping on a signal."""
