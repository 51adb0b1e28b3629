"""The search behind `configs/experiment/flip_regression.yaml`: python -m benchmarks.flip_search [OUT.csv].

Each setting is trained on a part of the training and validation rows of FLIP's GB1 splits, and judged on the rest of
them; no split's own test rows are used, and at most 1,000 rows, so that it takes minutes. Beside rows like those of
training, it is judged as the test judges: on more mutations than it was trained on, and on fitter variants.
"""

import csv
import gzip
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from hydra import compose, initialize_config_dir

from proteinlab.training import train
from tests.integration.processes import ROOT

GB1: Final = ROOT / "examples" / "gb1_flip"
OUT: Final = ROOT / "docs" / "benchmarks" / "flip_search.csv"
WILD_TYPE: Final = {38: "V", 39: "D", 40: "G", 53: "V"}
WILD_TYPE_FITNESS: Final = 1.0
MOST_ROWS: Final = 1000

START: Final = ("model.net.kernel_size=5",)  # FLIP's; all other keys as in the experiment
SETTINGS: Final[dict[str, tuple[str, ...]]] = {
    "start: windows of 5, rate 0.003, 256 filters, 256 units, 40 epochs": START,
    "learning rate 0.001": (*START, "model.optimizer.lr=0.001"),
    "learning rate 0.01": (*START, "model.optimizer.lr=0.01"),
    "64 filters, 128 units": (*START, "model.net.filters=64", "model.net.hidden=128"),
    "windows of 9 residues": ("model.net.kernel_size=9",),
    "dropout 0.2": (*START, "model.net.dropout=0.2"),
    "20 epochs": (*START, "trainer.max_epochs=20"),
    "FLIP's residues 1 to 56": (*START, "data.region.trim=false", "data.region.last=56"),
}

Row = dict[str, str]
Task = tuple[str, list[Row], list[Row]]  # name, rows to train on, rows to be judged on


def tasks() -> Iterator[Task]:
    """From training and validation rows alone."""
    two, three = (_rows(name) for name in ("two_vs_rest", "three_vs_rest"))
    everything = _rows("three_vs_rest", test_too=True)  # low_vs_high trains on all that is no fitter than the wild type
    low = [row for row in everything if float(row["target"]) <= WILD_TYPE_FITNESS]
    low = random.Random(0).sample(low, MOST_ROWS)
    yield "two_vs_rest, its validation rows", *_parted(two, lambda row: row["validation"] == "True")
    known, held_out = _parted(three, lambda row: row["validation"] == "True")
    yield "three_vs_rest, its validation rows", random.Random(0).sample(known, MOST_ROWS), held_out
    drawn = {id(row) for row in low[: MOST_ROWS // 10]}
    yield "low_vs_high, a tenth of its training rows", *_parted(low, lambda row: id(row) in drawn)
    yield "one mutation to two", *_parted(two, lambda row: mutations(row) == 2)
    yield "two mutations to three", *_parted(three, lambda row: mutations(row) == 3)
    limit = sorted(float(row["target"]) for row in low)[MOST_ROWS * 3 // 4]
    yield "low fitness to less low", *_parted(low, lambda row: float(row["target"]) >= limit)


def mutations(row: Row) -> int:
    return sum(row["sequence"][place] != letter for place, letter in WILD_TYPE.items())


def _rows(split: str, test_too: bool = False) -> list[Row]:
    with gzip.open(GB1 / f"{split}.csv.gz", "rt", newline="") as stream:
        return [row for row in csv.DictReader(stream) if test_too or row["set"] == "train"]


def _parted(rows: Sequence[Row], held_out) -> tuple[list[Row], list[Row]]:
    return [row for row in rows if not held_out(row)], [row for row in rows if held_out(row)]


def score(task: Task, setting: Sequence[str], folder: Path) -> float:
    """Spearman on the rows held out. A tenth of the others is set apart as in any training."""
    _, known, held_out = task
    path = folder / "rows.csv"
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["sequence", "target", "set"])
        for name, rows in (("train", known), ("test", held_out)):
            writer.writerows([row["sequence"], row["target"], name] for row in rows)
    plain = ["track=false", "evaluation.figures=false", "evaluation.baselines=false", "evaluation.replicates=100"]
    places = [f"data.path={path}", f"output_dir={folder}", f"checkpoint_dir={folder}/checkpoints"]
    with initialize_config_dir(str(ROOT / "configs"), version_base="1.3"):
        cfg = compose("train", ["experiment=flip_regression", "callbacks.progress=null", *plain, *places, *setting])
    return train(cfg)["test_spearman"]


def main(out: Path) -> None:
    given = list(tasks())
    out.parent.mkdir(parents=True, exist_ok=True)
    with out.open("w", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["setting", *(name for name, _, _ in given), "mean"])
        for name, setting in SETTINGS.items():
            with tempfile.TemporaryDirectory() as folder:
                scores = [score(task, setting, Path(folder)) for task in given]
            writer.writerow([name, *(f"{one:.3f}" for one in scores), f"{sum(scores) / len(scores):.3f}"])
            stream.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else OUT)
