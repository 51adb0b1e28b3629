"""Where the points of a run's curves go: to MLflow by calls, or into a file that somebody else sends on."""

import json
import math
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Protocol

from mlflow import MlflowClient
from mlflow.entities import Metric

_FLUSH_SECONDS: Final = 2.0
_MOST_A_CALL: Final = 1000  # MLflow's limit


class Points(Protocol):
    def add(self, points: Sequence[Metric]) -> None: ...
    def flush(self) -> None:
        """Returns when nothing would be lost if this process died."""


class Nowhere:
    """For a run that nobody records."""

    def add(self, points: Sequence[Metric]) -> None:
        del points

    def flush(self) -> None:
        return


class Calls:
    """Gathers points and sends them every two seconds."""

    def __init__(self, client: MlflowClient, run_id: str) -> None:
        self._client = client
        self._run_id = run_id
        self._waiting: list[Metric] = []
        self._flushed = time.monotonic()

    def add(self, points: Sequence[Metric]) -> None:
        self._waiting += points
        if time.monotonic() - self._flushed > _FLUSH_SECONDS:
            self.flush()

    def flush(self) -> None:
        for start in range(0, len(self._waiting), _MOST_A_CALL):
            self._client.log_batch(self._run_id, metrics=self._waiting[start : start + _MOST_A_CALL])
        self._waiting.clear()
        self._flushed = time.monotonic()


class Lines:
    """Appends a line for each call, as the body of MLflow's `log-batch`: microseconds, and the kernel has it."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)

    def add(self, points: Sequence[Metric]) -> None:
        if points:
            os.write(self._file, json.dumps({"metrics": [_as_json(one) for one in points]}).encode() + b"\n")

    def flush(self) -> None:
        return


def _as_json(point: Metric) -> dict[str, Any]:
    """As MLflow's own client writes it: what is no finite number is a word."""
    value = point.value if math.isfinite(point.value) else _WORDS[str(point.value)]
    return {"key": point.key, "value": value, "timestamp": point.timestamp, "step": point.step}


_WORDS: Final = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}
