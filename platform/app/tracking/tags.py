"""MLflow tags that say whose something is: the master's to set, nobody else's."""

from typing import Final

USER_TAG: Final = "mlflow.user"
"""Of a run or a logged model: the name of the person who made it. MLflow's UI shows it."""
OWNER_TAG: Final = "proteinx.owner"
"""Of a registered model: the name of the person who made it."""
CHAMPION: Final = "champion"
"""The alias that goes through the gate, and so never through MLflow's own call."""
RESERVED_PREFIX: Final = "proteinx."


def is_reserved(key: str) -> bool:
    return key == USER_TAG or key.startswith(RESERVED_PREFIX)
