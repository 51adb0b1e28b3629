"""Objects from config."""

from typing import Any

from hydra.errors import InstantiationException
from hydra.utils import instantiate
from omegaconf import DictConfig

from proteinlab.biodata.errors import DataError
from proteinlab.training.errors import UserError


def build(config: DictConfig | dict[str, Any]) -> Any:
    """`hydra.utils.instantiate`, but a user's error comes out as itself, not wrapped."""
    try:
        return instantiate(config)
    except InstantiationException as error:
        if isinstance(error.__cause__, UserError | DataError):
            raise error.__cause__ from None
        raise
