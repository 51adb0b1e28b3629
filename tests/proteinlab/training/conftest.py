"""A small file of GB1 variants, and a config composed as Hydra would."""

import csv
import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from hydra import compose, initialize_config_dir
from omegaconf import DictConfig

ROOT = Path(__file__).parents[3]
GB1 = ROOT / "examples/gb1_flip/three_vs_rest.csv.gz"
PEPTIDES = ROOT / "tests/data/amp_modlamp/anticancer.csv"

Compose = Callable[..., DictConfig]


@pytest.fixture
def gb1_rows() -> list[dict[str, str]]:
    """Every 12th row of the example, 728 in their proportions of sets, cut to the domain's 56 residues."""
    with gzip.open(GB1, "rt") as stream:
        rows = list(csv.DictReader(stream))[::12]
    return [row | {"sequence": row["sequence"][:56]} for row in rows]


@pytest.fixture
def write_csv(tmp_path: Path) -> Callable[[list[dict[str, str]]], Path]:
    def write(rows: list[dict[str, str]]) -> Path:
        path = tmp_path / "data.csv"
        with path.open("w", newline="") as stream:
            writer = csv.DictWriter(stream, fieldnames=list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        return path

    return write


@pytest.fixture
def configured(tmp_path: Path) -> Compose:
    """`train.yaml` with overrides; results go to a temporary folder, nothing to MLflow, no figures."""

    def configure(*overrides: str) -> DictConfig:
        with initialize_config_dir(str(ROOT / "configs"), version_base="1.3"):
            return compose(
                "train",
                [
                    f"output_dir={tmp_path}/out",
                    f"checkpoint_dir={tmp_path}/checkpoints",
                    "track=false",
                    "evaluation.figures=false",
                    "evaluation.replicates=200",
                    *overrides,
                ],
            )

    return configure
