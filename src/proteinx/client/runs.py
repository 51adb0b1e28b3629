"""MLflow runs, over its own REST API behind the master's sign-in: those of jobs are read, parents of jobs are made."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from proteinx.client.errors import ApiError
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
        self._post("runs/set-tag", {"run_id": run_id, "key": key, "value": value}, again=True)

    def create(self, experiment: str, name: str, tags: Mapping[str, str]) -> str:
        """A run of one's own, for jobs to be nested below; its id. The experiment is made if there is none."""
        body = {
            "experiment_id": self._experiment(experiment),
            "run_name": name,
            "start_time": int(time.time() * 1000),
            "tags": [{"key": key, "value": value} for key, value in tags.items()],
        }
        return str(self._post("runs/create", body)["run"]["info"]["run_id"])

    def set_status(self, run_id: str, status: str) -> None:
        """RUNNING, FINISHED, FAILED or KILLED."""
        ended = {} if status == "RUNNING" else {"end_time": int(time.time() * 1000)}
        self._post("runs/update", {"run_id": run_id, "status": status, **ended})

    def _experiment(self, name: str) -> str:
        try:
            return self._find_experiment(name)
        except ApiError as error:
            if error.status != 404:
                raise
        try:
            return str(self._post("experiments/create", {"name": name})["experiment_id"])
        except ApiError as error:
            if error.code != "resource_already_exists":
                raise
        return self._find_experiment(name)  # somebody else has just made it

    def _find_experiment(self, name: str) -> str:
        return str(self._get("experiments/get-by-name", {"experiment_name": name})["experiment"]["experiment_id"])

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

    def _post(self, path: str, body: Mapping[str, Any], *, again: bool = False) -> dict[str, Any]:
        headers = {"Content-Type": "application/json"}
        sent = self._transport.request(
            "POST", f"{_API}/{path}", body=json.dumps(body).encode(), headers=headers, again=again
        )
        reply: dict[str, Any] = sent.json()
        return reply

    def _get(self, path: str, query: Query) -> dict[str, Any]:
        reply: dict[str, Any] = self._transport.request("GET", f"{_API}/{path}", query=query).json()
        return reply


def _number(value: float | str) -> float:
    """MLflow writes what JSON has no number for as text, which `float` reads."""
    return float(value)
