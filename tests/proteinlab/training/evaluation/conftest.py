"""Trained models on real data, made once; configs composed as Hydra would."""

import csv
import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from hydra import compose, initialize_config_dir
from omegaconf import DictConfig

from proteinlab.training import train

ROOT = Path(__file__).parents[4]
DATA = ROOT / "tests/data"
Compose = Callable[..., DictConfig]


def configured(name: str, folder: Path, *overrides: str) -> DictConfig:
    fixed = [f"output_dir={folder}"]
    fixed += [] if name == "predict" else ["track=false"]
    fixed += [f"checkpoint_dir={folder}/checkpoints"] if name == "train" else []
    with initialize_config_dir(str(ROOT / "configs"), version_base="1.3"):
        return compose(name, [*fixed, *overrides])


@pytest.fixture(scope="session")
def gb1(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every 12th row of the example."""
    with gzip.open(ROOT / "examples/gb1_flip/three_vs_rest.csv.gz", "rt") as stream:
        header, *rows = list(csv.reader(stream))
    path = tmp_path_factory.mktemp("gb1") / "gb1.csv"
    with path.open("w", newline="") as target:
        csv.writer(target).writerows([header, *rows[::12]])
    return path


@pytest.fixture(scope="session")
def gb1_run(tmp_path_factory: pytest.TempPathFactory, gb1: Path) -> Path:
    """The folder of a ridge regression's results."""
    folder = tmp_path_factory.mktemp("ridge")
    train(configured("train", folder, f"data.path={gb1}", "model=ridge", "data.region.last=56"))
    return folder


@pytest.fixture(scope="session")
def peptide_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a logistic regression's results: anticancer peptides and others."""
    folder = tmp_path_factory.mktemp("logistic")
    path = DATA / "amp_modlamp/anticancer.csv"
    train(configured("train", folder, f"data.path={path}", "task=classification", "model=logistic"))
    return folder
