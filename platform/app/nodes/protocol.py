"""Refuses agents that speak an older protocol than the master, and says how to bring them up to date."""

from app.errors import UpgradeRequired
from proteinx.contracts.protocol import PROTOCOL


def require(protocol: int) -> None:
    """Raises UpgradeRequired."""
    if protocol < PROTOCOL:
        raise UpgradeRequired(
            "upgrade_required",
            f"This agent speaks protocol {protocol}, the master needs {PROTOCOL}. On the worker run "
            "`git pull && pip install -r requirements-worker.txt`, then start the agent again.",
        )
