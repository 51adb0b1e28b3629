"""The secret between the master and its MLflow child; a new one at each start of the child."""

from typing import Final

HEADER: Final = "X-ProteinX-Key"
VARIABLE: Final = "PROTEINX_MLFLOW_KEY"
