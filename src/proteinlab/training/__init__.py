"""Training protein models: everything between a file of labelled sequences and a model in MLflow."""

from proteinlab.training.engine import train
from proteinlab.training.prediction import predict

__all__ = ["predict", "train"]
