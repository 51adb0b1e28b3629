"""Metrics of a run as MLflow has them: last values, and curves thinned by its server to what a chart can show."""

import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from app.tracking.rest import Rest
from proteinx.contracts.metrics import Curve, MetricView

_LARGEST: Final = sys.float_info.max
"""What MLflow keeps in place of infinity; a NaN is not below it either."""
_LAST_STEP: Final = 2**62


def last_values(rest: Rest, run_id: str) -> list[MetricView]:
    metrics = rest.get("runs/get", run_id=run_id)["run"].get("data", {}).get("metrics", [])
    views = [
        MetricView(key=item["key"], value=item["value"], step=int(item.get("step", 0)), at=_moment(item["timestamp"]))
        for item in _finite(metrics)
    ]
    return sorted(views, key=lambda view: view.key)


def finite_metrics(run: Mapping[str, Any]) -> dict[str, float]:
    """The last values of a run as a search answers it."""
    return {str(item["key"]): item["value"] for item in _finite(run.get("data", {}).get("metrics", []))}


def curve(rest: Rest, run_id: str, key: str, *, points: int, after: int | None) -> Curve:
    """At most about `points` points, spread evenly over the steps behind `after`."""
    query: dict[str, str | int] = {"run_ids": run_id, "metric_key": key, "max_results": points}
    if after is not None:
        query |= {"start_step": after + 1, "end_step": _LAST_STEP}
    found = list(_finite(rest.get("metrics/get-history-bulk-interval", **query).get("metrics", [])))
    found.sort(key=lambda item: (int(item.get("step", 0)), int(item["timestamp"])))
    return Curve(
        key=key,
        steps=[int(item.get("step", 0)) for item in found],
        values=[item["value"] for item in found],
        times=[int(item["timestamp"]) / 1000 for item in found],
    )


def _finite(metrics: Iterable[Mapping[str, Any]]) -> Iterable[dict[str, Any]]:
    """With the value as a number: JSON can't say what is not finite, and MLflow writes NaN as a word."""
    for item in metrics:
        value = float(item["value"])
        if abs(value) < _LARGEST:
            yield {**item, "value": value}


def _moment(milliseconds: str | int) -> datetime:
    return datetime.fromtimestamp(int(milliseconds) / 1000, UTC)
