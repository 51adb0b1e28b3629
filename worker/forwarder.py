"""Sends what is in the spool on to MLflow at the master: in order, in batches, each point once on the run's curve."""

import json
import logging
import threading
from collections.abc import Iterator, Sequence
from typing import Any, Final

from proteinx.client.errors import ApiError
from proteinx.client.transport import Transport
from worker.entries import Entry
from worker.insist import Fenced, Insistence
from worker.metrics_file import MetricsFile
from worker.spool import Spool

API: Final = "/mlflow/api/2.0/mlflow"
MAX_METRICS: Final = 1000
MAX_TAGS: Final = 100
_FULL_SECONDS: Final = 1.0
log = logging.getLogger(__name__)

Item = tuple[str, Any]
"""`metric`, `tag` or `delete_tag`, with its body as MLflow has it."""


class Forwarder(threading.Thread):
    def __init__(
        self,
        spool: Spool,
        file: MetricsFile,
        transport: Transport,
        insist: Insistence,
        *,
        run_id: str,
        attempt: int,
        interval: float,
    ) -> None:
        super().__init__(name="metrics", daemon=True)
        self._spool = spool
        self._file = file
        self._transport = transport
        self._insist = insist
        self._run_id = run_id
        self._attempt = attempt
        self._interval = interval
        self._recorded: dict[str, int] | None = None
        self.refused = 0
        """Points and tags that MLflow would not take."""

    def run(self) -> None:
        try:
            while not self._insist.fenced.is_set():
                self._take()
                if self._spool.wait_for_work(self._interval):
                    self._forward_next()
                    self._insist.fenced.wait(self._interval)  # lets a batch gather
        except Fenced:
            return

    def flush(self) -> None:
        """Returns when all that the job has written by now has arrived. Raises Fenced."""
        self._take()
        while not self._spool.wait_until_sent(0.5):
            if self._insist.fenced.is_set():
                raise Fenced("metrics")

    def _take(self) -> None:
        """Waits where the disk is full: somebody may make room. Raises Fenced."""
        while True:
            try:
                self._file.take()
            except OSError as error:
                log.warning("metrics wait for room on the disk: %s", error, extra={"action": "spool_waits"})
                if self._insist.fenced.wait(_FULL_SECONDS):
                    raise Fenced("metrics") from error
            else:
                return

    def _forward_next(self) -> None:
        entries, end = self._spool.read()
        for batch in batches([item for entry in entries for item in _items(entry)]):
            self._send(self._new(batch))
        self._spool.confirm(end)

    def _new(self, items: list[Item]) -> list[Item]:
        """Without the points that an earlier attempt had recorded before it broke off."""
        if self._attempt == 1:
            return items
        recorded = self._recorded = self._recorded if self._recorded is not None else self._what_is_recorded()
        return [
            (kind, body)
            for kind, body in items
            if kind != "metric" or int(body.get("step") or 0) > recorded.get(body["key"], -1)
        ]

    def _what_is_recorded(self) -> dict[str, int]:
        """The last step of each metric."""
        try:
            return self._insist(self._ask_recorded, "recorded metrics")
        except ApiError as error:
            log.warning(
                "earlier points are unknown, some may be doubled: %s", error, extra={"action": "recorded_refused"}
            )
            return {}

    def _ask_recorded(self) -> dict[str, int]:
        reply = self._transport.request("GET", f"{API}/runs/get", query={"run_id": self._run_id})
        metrics = reply.json()["run"]["data"].get("metrics", [])
        return {metric["key"]: int(metric.get("step") or 0) for metric in metrics}

    def _send(self, items: Sequence[Item]) -> None:
        """What MLflow refuses is looked for by halving, so that one bad point costs only itself."""
        if not items:
            return
        path, body = self._request(items)
        try:
            self._insist(lambda: self._post(path, body), "metrics")
        except ApiError as error:
            if len(items) == 1:
                self.refused += 1
                log.warning("MLflow refused %s %s: %s", *items[0], error, extra={"action": "metric_refused"})
                return
            self._send(items[: len(items) // 2])
            self._send(items[len(items) // 2 :])

    def _request(self, items: Sequence[Item]) -> tuple[str, dict[str, Any]]:
        kind, first = items[0]
        if kind == "delete_tag":
            return "runs/delete-tag", {"run_id": self._run_id, "key": first}
        metrics = [body for kind, body in items if kind == "metric"]
        tags = [body for kind, body in items if kind == "tag"]
        return "runs/log-batch", {"run_id": self._run_id, "metrics": metrics, "tags": tags}

    def _post(self, path: str, body: dict[str, Any]) -> None:
        headers = {"Content-Type": "application/json"}
        self._transport.request("POST", f"{API}/{path}", body=json.dumps(body).encode(), headers=headers, again=True)


def batches(items: Sequence[Item]) -> Iterator[list[Item]]:
    """In order; a removed tag goes alone, since a batch can't say it. No batch sets one tag twice."""
    batch: list[Item] = []
    metrics = 0
    tags: set[str] = set()
    for kind, body in items:
        full = metrics >= MAX_METRICS or len(tags) >= MAX_TAGS
        if batch and (full or kind == "delete_tag" or (kind == "tag" and body["key"] in tags)):
            yield batch
            batch, metrics, tags = [], 0, set()
        if kind == "delete_tag":
            yield [(kind, body)]
            continue
        batch.append((kind, body))
        metrics += kind == "metric"
        if kind == "tag":
            tags.add(body["key"])
    if batch:
        yield batch


def _items(entry: Entry) -> Iterator[Item]:
    if "delete_tag" in entry:
        yield "delete_tag", entry["delete_tag"]
    yield from (("metric", metric) for metric in entry.get("metrics", ()))
    yield from (("tag", tag) for tag in entry.get("tags", ()))
