"""Predictions on demand: small requests to models that workers keep loaded."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

from proteinx.client.errors import ApiError
from proteinx.client.retry import ONCE
from proteinx.client.transport import Transport, segment
from proteinx.contracts.serving import DEFAULT_WAIT, EndpointView, Predictions, PredictRequest, SequenceIn

AGAIN: Final = frozenset(
    {
        *("model_starting", "endpoint_gone", "endpoint_busy", "endpoints_taken"),
        *("request_lost", "broker_unavailable", "master_stopping"),
    }
)
"""Codes that time mends."""
_PAUSE: Final = 1.0
_ANSWER_SECONDS: Final = 660.0
"""More than the longest time that an admin may give a model for one request."""
_VIEWS: Final = TypeAdapter(list[EndpointView])

Source = Path | Sequence[str | SequenceIn]
"""A FASTA file, or sequences."""


class Endpoints:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def predict(self, model: str, source: Source, *, wait: float = DEFAULT_WAIT) -> Predictions:
        """One call, one answer. `model`: NAME, NAME@VERSION or NAME@ALIAS.

        Raises ApiError: `model_starting` (503) if the model was not loaded within `wait` seconds; 413, 422 and 429 for
        what is over a limit or can't be predicted.
        """
        if isinstance(source, Path):
            kind, body = "text/plain", source.read_bytes()
        else:
            kind, body = "application/json", PredictRequest(sequences=list(source)).model_dump_json().encode()
        reply = self._transport.request(
            "POST",
            f"/api/models/{segment(model)}/predict",
            body=body,
            query={"wait": wait},
            headers={"Content-Type": kind},
            retry=ONCE,
            timeout=wait + _ANSWER_SECONDS,
        )
        return Predictions.model_validate_json(reply.content)

    def ask(
        self, model: str, source: Source, *, patience: float = 600.0, told: Callable[[str], None] = lambda _: None
    ) -> Predictions:
        """As `predict`, again and again while the model is being loaded or is busy; `told` hears why.

        Raises the last ApiError after `patience` seconds.
        """
        until = time.monotonic() + patience
        while True:
            try:
                return self.predict(model, source, wait=max(0.0, min(DEFAULT_WAIT, until - time.monotonic())))
            except ApiError as error:
                if error.code not in AGAIN or time.monotonic() + _PAUSE > until:
                    raise
                told(error.detail)
            self._transport.wait(_PAUSE)

    def all(self) -> list[EndpointView]:
        """The models that are loaded, the last used first."""
        return self._transport.get("/api/endpoints", _VIEWS)

    def stop(self, job_id: str) -> None:
        self._transport.request("POST", f"/api/endpoints/{segment(job_id)}/stop", again=True)
