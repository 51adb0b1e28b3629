"""The story of a prediction run."""

import csv
from collections.abc import Sequence
from pathlib import Path

from omegaconf import DictConfig

from proteinlab.biodata.formats import data_file
from proteinlab.biodata.records import Record
from proteinlab.training.errors import UserError
from proteinlab.training.tables import read_partners, read_table

_CHUNK = 4096  # sequences between two lines of progress


def predict(cfg: DictConfig) -> Path:
    """Predict for every sequence of a file with a logged model; returns the table it wrote.

    Raises UserError or DataError where the person who asked has to change something.
    """
    path = data_file(Path(cfg.data.path))
    records = read_table(path, cfg.data.columns)
    folder = bundle_folder(Path(cfg.model.path))
    print(f"predicting {len(records)} sequences", flush=True)

    from proteinlab.biodata.homology.nearest import Budget
    from proteinlab.training.predictor import Predictor  # imports torch, which bad input need not wait for

    predictor = Predictor.load(folder, Budget(cfg.nearest.budget))
    partners = _partners(path, cfg, records) if predictor.takes_pairs else None
    target = Path(cfg.output_dir) / "predictions.csv"
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".partial")
    with partial.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        for start in range(0, len(records), _CHUNK):
            chunk = records[start : start + _CHUNK]
            others = None if partners is None else partners[start : start + _CHUNK]
            columns = predictor.columns(chunk, others)
            if start == 0:
                writer.writerow(list(columns))
            writer.writerows(zip(*columns.values(), strict=True))
            print(f"predicted {start + len(chunk)}/{len(records)}", flush=True)
    partial.replace(target)
    print(f"wrote {target}", flush=True)
    return target


def _partners(path: Path, cfg: DictConfig, records: Sequence[Record]) -> list[Record]:
    partners = read_partners(path, cfg.data.columns, records)
    if partners is None:
        raise UserError("no_partner", "This model takes pairs: set data.columns.partner=<column of the second>.")
    return partners


def bundle_folder(folder: Path) -> Path:
    """The folder of `model.json` in an MLflow model's folder, or that folder itself."""
    found = sorted(folder.glob("data/*/model.json")) + sorted(folder.glob("model.json"))
    if not found:
        raise UserError(
            "not_a_model",
            f"'{folder}' is not the folder of a model trained here: download one, for example by "
            "mlflow.artifacts.download_artifacts('models:/NAME/1').",
        )
    return found[0].parent
