"""The story of a prediction run."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from omegaconf import DictConfig

from proteinlab.biodata.records import Record
from proteinlab.training.errors import UserError
from proteinlab.training.tables import read_table

_CHUNK = 4096  # sequences between two lines of progress


def predict(cfg: DictConfig) -> Path:
    """Predict for every sequence of a file with a logged model; returns the table it wrote.

    Raises UserError or DataError where the person who asked has to change something.
    """
    records = read_table(Path(cfg.data.path), cfg.data.columns)
    folder = _bundle(Path(cfg.model.path))
    print(f"predicting {len(records)} sequences", flush=True)

    from proteinlab.training.served import ServedModel  # imports torch, which bad input need not wait for

    served = ServedModel.load(folder)
    target = Path(cfg.output_dir) / "predictions.csv"
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".partial")
    with partial.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        for start in range(0, len(records), _CHUNK):
            chunk = records[start : start + _CHUNK]
            columns = served.columns(chunk)
            if start == 0:
                writer.writerow(["id", "sequence", *columns])
            writer.writerows(_rows(chunk, list(columns.values())))
            print(f"predicted {start + len(chunk)}/{len(records)}", flush=True)
    partial.replace(target)
    print(f"wrote {target}", flush=True)
    return target


def _rows(records: Sequence[Record], values: Sequence[Iterable[object]]) -> list[tuple[object, ...]]:
    named = [(record.id, record.sequence) for record in records]
    return [(*name, *row) for name, row in zip(named, zip(*values, strict=True), strict=True)]


def _bundle(folder: Path) -> Path:
    """The folder of `model.json` in an MLflow model's folder, or that folder itself."""
    found = sorted(folder.glob("data/*/model.json")) + sorted(folder.glob("model.json"))
    if not found:
        raise UserError(
            "not_a_model",
            f"'{folder}' is not the folder of a model trained here: download one, for example by "
            "mlflow.artifacts.download_artifacts('models:/NAME/1').",
        )
    return found[0].parent
