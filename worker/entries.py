"""What the spool holds: metrics and tags as in the body of MLflow's `log-batch`, without the run."""

from collections.abc import Mapping
from typing import Any

Entry = Mapping[str, Any]


def as_entry(batch: Any) -> Entry | None:
    """None for what is no batch of metrics and tags, or holds params, which MLflow itself must answer for."""
    if not isinstance(batch, dict) or batch.get("params"):
        return None
    metrics, tags = batch.get("metrics") or [], batch.get("tags") or []
    if not (metrics or tags) or not (_keyed(metrics) and _keyed(tags)):
        return None
    return {"metrics": metrics, "tags": tags}


def _keyed(items: Any) -> bool:
    return isinstance(items, list) and all(
        isinstance(item, Mapping) and isinstance(item.get("key"), str) and "value" in item for item in items
    )
