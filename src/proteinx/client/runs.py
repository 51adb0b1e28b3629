"""A job's MLflow run, read over MLflow's own REST API behind the master's sign-in."""

import json
from dataclasses import dataclass
from typing import Any

from proteinx.client.transport import Query, Transport

_API = "/mlflow/api/2.0/mlflow"
_PAGE = 25_000


@dataclass(frozen=True, slots=True)
class Point:
    step: int
    value: float
    timestamp: int
    """Milliseconds since 1970."""


class Runs:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get(self, run_id: str) -> dict[str, Any]:
        """`info` and `data` as MLflow has them."""
        run: dict[str, Any] = self._get("runs/get", {"run_id": run_id})["run"]
        return run

    def status(self, run_id: str) -> str:
        return str(self.get(run_id)["info"]["status"])

    def tags(self, run_id: str) -> dict[str, str]:
        return {tag["key"]: tag["value"] for tag in self.get(run_id).get("data", {}).get("tags", [])}

    def set_tag(self, run_id: str, key: str, value: str) -> None:
        body = json.dumps({"run_id": run_id, "key": key, "value": value}).encode()
        headers = {"Content-Type": "application/json"}
        self._transport.request("POST", f"{_API}/runs/set-tag", body=body, headers=headers, again=True)

    def latest_metrics(self, run_id: str) -> dict[str, float]:
        """The last value of each."""
        metrics = self.get(run_id).get("data", {}).get("metrics", [])
        return {str(item["key"]): _number(item["value"]) for item in metrics}

    def history(self, run_id: str, metric: str) -> list[Point]:
        """All points in the order in which they were logged."""
        points: list[Point] = []
        token: str | None = None
        while True:
            query: Query = {"run_id": run_id, "metric_key": metric, "max_results": _PAGE, "page_token": token}
            page = self._get("metrics/get-history", query)
            points += [
                Point(int(item.get("step", 0)), _number(item["value"]), int(item["timestamp"]))
                for item in page.get("metrics", [])
            ]
            token = page.get("next_page_token")
            if not token:
                return points

    def _get(self, path: str, query: Query) -> dict[str, Any]:
        reply: dict[str, Any] = self._transport.request("GET", f"{_API}/{path}", query=query).json()
        return reply


def _number(value: float | str) -> float:
    """MLflow writes what JSON has no number for as text, which `float` reads."""
    return float(value)
