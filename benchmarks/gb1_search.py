"""The search behind configs/experiment/gb1_demo.yaml: validation scores of each setting, three seeds each.

Run from the root: PYTHONPATH=src python benchmarks/gb1_search.py [SETTING ...]. Prints a table for docs/training.md. Test
scores are neither printed nor kept, so that nothing can be chosen by them.
"""

import contextlib
import io
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from hydra import compose, initialize_config_dir

from proteinlab.training import train

ROOT = Path(__file__).parents[1]
SEEDS = (1, 2, 3)
SETTINGS = (
    "",
    "trainer.max_epochs=20",
    "trainer.max_epochs=60",
    "model.optimizer.lr=0.008",
    "data.batch_size=32",
    "model.net.dropout=0.1",
    "model.net.filters=128 model.net.hidden=256 model.optimizer.lr=0.003 trainer.max_epochs=30",
    "model.net.kernel_size=3",
    "model.net.kernel_size=9",
    "model.optimizer.weight_decay=0.1",
)


def validation(setting: str, seed: int) -> tuple[float, float]:
    """Spearman and MSE of the best epoch on the validation rows."""
    with (
        tempfile.TemporaryDirectory() as folder,
        initialize_config_dir(str(ROOT / "configs"), version_base="1.3"),
    ):
        cfg = compose(
            "train",
            [
                "experiment=gb1_demo",
                f"data.path={ROOT}/examples/gb1_flip/three_vs_rest.csv.gz",
                f"output_dir={folder}",
                f"checkpoint_dir={folder}/checkpoints",
                f"seed={seed}",
                "track=false",
                *setting.split(),
            ],
        )
        with contextlib.redirect_stdout(io.StringIO()):
            metrics = train(cfg)
    return metrics["best_val_spearman"], metrics["best_val_mse"]


def main(settings: Sequence[str]) -> None:
    print("| setting | validation Spearman, mean (largest - smallest) | validation MSE |")
    print("| --- | --- | --- |")
    for setting in settings:
        ranks, errors = zip(*(validation(setting, seed) for seed in SEEDS), strict=True)
        print(
            f"| {setting or 'as in gb1_demo.yaml'} | {statistics.mean(ranks):.4f} ({max(ranks) - min(ranks):.4f}) "
            f"| {statistics.mean(errors):.4f} |",
            flush=True,
        )


if __name__ == "__main__":
    main(sys.argv[1:] or SETTINGS)
