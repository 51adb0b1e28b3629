"""A registered model, asked at once: `proteinx.model("gb1@champion").predict([...])`."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from proteinx.client import prediction
from proteinx.contracts.serving import SequenceIn
from proteinx.sdk.connection import master
from proteinx.sdk.tables import Rows, as_frame


class Model:
    """`NAME` (the newest version), `NAME@2` or `NAME@champion`."""

    def __init__(self, reference: str) -> None:
        self.reference = reference

    def __repr__(self) -> str:
        return f"Model({self.reference!r})"

    def predict(
        self, source: str | Path | Sequence[str | tuple[str, str]], *, patience: float = 600.0, quiet: bool = False
    ) -> Any:
        """Predictions as a DataFrame, one row a sequence, by a worker that keeps the model loaded: for small requests.

        `source`: a FASTA file, one sequence, a list of them, or of pairs of id and sequence. Waits up to `patience`
        seconds for a model that is not loaded yet, and says why unless `quiet`. More sequences at a time than the
        limits allow are for `proteinx.predict`, which makes a job. Raises ApiError.
        """
        told = (lambda _: None) if quiet else _tell
        found = master().endpoints.ask(self.reference, _given(source), patience=patience, told=told)
        return as_frame(Rows({name: row[name] for name in found.columns} for row in found.rows))


def model(reference: str) -> Model:
    """A registered model by `NAME`, `NAME@VERSION` or `NAME@ALIAS`; whether it is there, the first prediction tells."""
    return Model(reference)


def _given(source: str | Path | Sequence[str | tuple[str, str]]) -> Path | list[str | SequenceIn]:
    if isinstance(source, Path):
        return source
    if isinstance(source, str):
        return prediction.file_named(source) or [source]
    return [one if isinstance(one, str) else SequenceIn(id=one[0], sequence=one[1]) for one in source]


def _tell(sentence: str) -> None:
    print(f"proteinx: {sentence}", file=sys.stderr)
