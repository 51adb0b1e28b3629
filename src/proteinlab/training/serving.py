"""The story of a model that is kept loaded: one request after the other, until nobody asks any more."""

import math
import time
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from omegaconf import DictConfig

from proteinlab.biodata.records import Record
from proteinlab.training.errors import UserError
from proteinlab.training.prediction import bundle_folder
from proteinlab.training.requests import AnswerTooLarge, Asked, Requests

if TYPE_CHECKING:
    from proteinlab.training.predictor import Predictor

_FAILURES: Final = 3
"""In a row: then the process itself is taken to be broken, and ends with what it knows."""
_TOLD_EVERY: Final = 10.0
"""Seconds between two lines of the log."""


def serve(cfg: DictConfig) -> None:
    """Load a logged model once and predict for whoever asks, as `predict` does for a file.

    Raises UserError where there is no model or nobody to answer to; the model's own error where it fails again and
    again.
    """
    requests = Requests.of_environment()
    folder = bundle_folder(Path(cfg.model.path))

    from proteinlab.training.predictor import Predictor

    predictor = Predictor.load(folder)
    print("the model is loaded", flush=True)
    Service(predictor, requests).run()
    print(f"ends: {requests.farewell}", flush=True)


class Service:
    def __init__(self, predictor: "Predictor", requests: Requests) -> None:
        self._predictor = predictor
        self._requests = requests
        self._failed = 0
        self._answered = 0
        self._told_at = -math.inf

    def run(self) -> None:
        while (asked := self._requests.next()) is not None:
            self._handle(asked)
            self._tell()

    def _handle(self, asked: Asked) -> None:
        began = time.perf_counter()
        try:
            columns = plain(predicted(self._predictor, asked.sequences))
            self._requests.answer(asked, columns, round((time.perf_counter() - began) * 1000, 2))
            self._failed = 0
        except UserError as error:
            index = at_fault(self._predictor, asked.sequences)
            self._requests.refuse(asked, error.code, error.detail, index)
        except AnswerTooLarge:
            detail = "The answer is larger than may be sent at once: send less at a time, or use a predict job."
            self._requests.refuse(asked, "answer_too_large", detail)
        except Exception as error:
            self._failed += 1
            traceback.print_exc()
            detail = f"The model failed: {type(error).__name__}: {error}. The log of its job has the details."
            self._requests.refuse(asked, "model_failed", detail)
            if self._failed == _FAILURES:
                raise

    def _tell(self) -> None:
        self._answered += 1
        if time.monotonic() - self._told_at >= _TOLD_EVERY:
            self._told_at = time.monotonic()
            print(f"answered {self._answered} requests", flush=True)


def predicted(predictor: "Predictor", sequences: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """Raises UserError."""
    records = [Record(one["id"], one["sequence"]) for one in sequences]
    partners = [one.get("partner") for one in sequences]
    if not predictor.takes_pairs:
        if any(partners):
            raise UserError("unasked_partner", "This model takes single sequences: leave the partners out.")
        return predictor.columns(records)
    if not all(partners):
        raise UserError("no_partner", "This model takes pairs: give each sequence a partner.")
    return predictor.columns(records, [Record(one["id"], one["partner"]) for one in sequences])


def at_fault(predictor: "Predictor", sequences: Sequence[Mapping[str, str]]) -> int | None:
    """The first one that the model can't take alone, from 0."""
    for index, one in enumerate(sequences):
        try:
            predicted(predictor, [one])
        except UserError:
            return index
    return None


def plain(columns: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Columns as JSON has them: what is not finite is null, and a number has the digits that its own type knows."""
    return {name: [_cell(value) for value in values] for name, values in columns.items()}


def _cell(value: Any) -> Any:
    if isinstance(value, float | np.floating):
        return float(str(value)) if math.isfinite(value) else None
    return value.item() if isinstance(value, np.generic) else value
