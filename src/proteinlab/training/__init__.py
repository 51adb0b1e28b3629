"""Training protein models: everything between a file of labelled sequences and a model in MLflow."""

from proteinlab.training.comparison import compare
from proteinlab.training.embeddings import embed
from proteinlab.training.engine import train
from proteinlab.training.prediction import predict
from proteinlab.training.reevaluation import evaluate
from proteinlab.training.serving import serve

__all__ = ["compare", "embed", "evaluate", "predict", "serve", "train"]
