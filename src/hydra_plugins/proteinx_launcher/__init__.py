"""`hydra/launcher=proteinx`: each point of a multirun becomes a job of the platform."""
