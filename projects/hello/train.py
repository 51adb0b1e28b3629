"""Predicts a value from a protein's amino-acid composition: replace `features` and `fit` by what you have in mind."""

import csv
import gzip
import json
import os
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import hydra
import mlflow
import numpy as np
from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig

ALPHABET = "ACDEFGHIKLMNPQRSTVWY"


def features(sequence: str) -> list[float]:
    """Share of each amino acid, and a one for the intercept."""
    return [sequence.count(letter) / max(len(sequence), 1) for letter in ALPHABET] + [1.0]


def read(path: Path, sequence: str, target: str) -> tuple[np.ndarray, np.ndarray]:
    """Features (rows, 21) and values (rows,)."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        rows = [(features(row[sequence].upper()), float(row[target])) for row in csv.DictReader(file) if row[target]]
    return np.array([row[0] for row in rows]), np.array([row[1] for row in rows])


@hydra.main(version_base="1.3", config_path="conf", config_name="train")
def main(cfg: DictConfig) -> None:
    x, y = read(Path(cfg.data.path), cfg.data.sequence, cfg.data.target)
    held_out = np.random.default_rng(cfg.seed).random(len(y)) < cfg.held_out
    held_out[:2] = [True, False]  # neither part is ever empty
    weights = np.zeros(x.shape[1])
    with mlflow.start_run():  # continues the run that the platform or `mlflow run` has made
        if not os.environ.get("PROTEINX_PARAMS_LOGGED"):
            mlflow.log_params({key: cfg[key] for key in ("epochs", "rate", "held_out", "seed")})
        for epoch in range(cfg.epochs):
            errors = x @ weights - y
            weights -= cfg.rate * x[~held_out].T @ errors[~held_out] / (~held_out).sum()
            if epoch % 20 == 0 or epoch == cfg.epochs - 1:
                scores = {
                    "loss": float((errors[~held_out] ** 2).mean()),
                    "val_loss": float((errors[held_out] ** 2).mean()),
                }
                mlflow.log_metrics(scores, step=epoch)
                print(f"epoch {epoch}: " + "  ".join(f"{key} {value:.4f}" for key, value in scores.items()), flush=True)
        output = Path(HydraConfig.get().runtime.output_dir)
        named = dict(zip([*ALPHABET, "intercept"], weights.tolist(), strict=True))
        (output / "weights.json").write_text(json.dumps({"weights": named, **scores}, indent=1))


def expand(arguments: list[str]) -> Iterator[str]:
    """MLflow hands over each parameter as one word; Hydra wants its overrides apart and paths in quotes."""
    for argument in arguments:
        key, _, value = argument.partition("=")
        if key == "overrides":
            yield from shlex.split(value)
        elif key == "data.path":
            escaped = value.replace("'", "\\'")
            yield f"{key}='{escaped}'"
        else:
            yield argument


if __name__ == "__main__":
    sys.argv[1:] = expand(sys.argv[1:])
    main()
