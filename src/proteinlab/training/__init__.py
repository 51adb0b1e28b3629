"""Training protein models: everything between a file of labelled sequences and a model in MLflow."""

from proteinlab.training.embeddings import embed
from proteinlab.training.engine import train
from proteinlab.training.prediction import predict

__all__ = ["embed", "predict", "train"]
