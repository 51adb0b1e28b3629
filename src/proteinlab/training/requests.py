"""The requests of people to a model that is kept loaded, as the platform hands them to the job: by calls on loopback.

`PROTEINX_SERVING_URL` is where: `GET <url>/requests?wait=20` waits for the next one, `POST <url>/replies` answers it,
both with the job's own token. What is sent: docs/serving.md.
"""

import http.client
import json
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from proteinlab.training.errors import UserError

URL: Final = "PROTEINX_SERVING_URL"
_TOKEN: Final = "MLFLOW_TRACKING_TOKEN"
_WAIT: Final = 20
_AWAY: Final = frozenset({429, 500, 502, 503, 504, 507})
_PAUSE: Final = 1.0


@dataclass(frozen=True)
class Asked:
    """`sequences` have `id`, `sequence` and, for models of pairs, `partner`."""

    id: str
    sequences: Sequence[Mapping[str, str]]


class AnswerTooLarge(Exception):
    pass


class Requests:
    """Of one serving process, which takes one at a time."""

    def __init__(self, url: str, token: str) -> None:
        place = urlsplit(url)
        self._path = place.path.rstrip("/")
        self._http = http.client.HTTPConnection(place.hostname or "", place.port)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self.farewell = ""
        """Why nobody asks any more, once `next` has given None."""

    @classmethod
    def of_environment(cls) -> "Requests":
        """Raises UserError("nobody_asks") outside of the platform."""
        if URL not in os.environ:
            raise UserError(
                "nobody_asks",
                f"This answers requests that the platform hands on, and {URL} is not set (an older worker does not set "
                "it): take the entry point predict, or `mlflow models serve`.",
            )
        return cls(os.environ[URL], os.environ.get(_TOKEN, ""))

    def next(self) -> Asked | None:
        """Waits for it; None when this model is not wanted any more."""
        while True:
            told = json.loads(self._call("GET", f"requests?wait={_WAIT}"))
            if told.get("end"):
                self.farewell = told.get("reason", "")
                return None
            if (request := told.get("request")) is not None:
                return Asked(request["id"], request["sequences"])

    def answer(self, asked: Asked, columns: Mapping[str, Sequence[Any]], milliseconds: float) -> None:
        """Raises AnswerTooLarge."""
        self._reply({"id": asked.id, "columns": columns, "milliseconds": milliseconds})

    def refuse(self, asked: Asked, code: str, detail: str, index: int | None = None) -> None:
        self._reply({"id": asked.id, "code": code, "detail": detail[:2000], "index": index})

    def _reply(self, body: Mapping[str, Any]) -> None:
        self._call("POST", "replies", json.dumps(body, ensure_ascii=False, allow_nan=False).encode())

    def _call(self, method: str, path: str, body: bytes | None = None) -> bytes:
        """Repeated while the master is away. Raises AnswerTooLarge, and RuntimeError where the attempt is over."""
        while True:
            try:
                self._http.request(method, f"{self._path}/{path}", body, self._headers)
                reply = self._http.getresponse()
                content = reply.read()
            except http.client.RemoteDisconnected:  # a kept connection that was idle for too long
                self._http.close()
                continue
            if reply.status < 300:
                return content
            if reply.status == 413:
                raise AnswerTooLarge
            if reply.status not in _AWAY:
                raise RuntimeError(f"{path} was answered {reply.status}: {content.decode(errors='replace')[:500]}")
            time.sleep(_PAUSE)
