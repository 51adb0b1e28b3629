"""FLIP regression splits, by one setting for all: `px bench flip [FILE ...]`.

Trains `experiment=flip_regression` with three seeds on every GB1 split in examples/gb1_flip, or on the files named (or
found in the folders named), and prints test Spearman beside what FLIP published.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from benchmarks.figures import Figure
from tests.integration.processes import ROOT, clean_environment

GB1: Final = ROOT / "examples" / "gb1_flip"
SEEDS: Final = (1, 2, 3)
# Test Spearman of FLIP's ridge and CNN on GB1 (Dallago et al., NeurIPS Datasets and Benchmarks 2021).
PUBLISHED: Final[dict[str, tuple[float, float]]] = {
    "one_vs_rest": (0.28, 0.17),
    "two_vs_rest": (0.59, 0.32),
    "three_vs_rest": (0.76, 0.83),
    "low_vs_high": (0.34, 0.51),
}
SUFFIXES: Final = (".csv", ".csv.gz", ".tsv", ".tsv.gz", ".fasta", ".fasta.gz")


def measure(*paths: str) -> list[Figure]:
    """One line for each file. Raises FileNotFoundError for a path that is not there or holds no data."""
    files = [file for path in paths or (str(GB1),) for file in data_files(Path(path))]
    return [figure(file, _trained(file)) for file in files]


def data_files(path: Path) -> list[Path]:
    """The file itself, or the tables in a folder."""
    if path.is_file():
        return [path]
    found = sorted(file for file in path.glob("*") if file.name.endswith(SUFFIXES[:4]))
    if not found:
        raise FileNotFoundError(f"{path} is neither a data file nor a folder with CSV or TSV files")
    return found


def split_name(file: Path) -> str:
    return file.name.split(".")[0]


def _trained(file: Path) -> dict[str, Any]:
    """`seeds.json` of a run in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="proteinx-flip-") as folder:
        seeds = f"seeds=[{','.join(map(str, SEEDS))}]"
        setting = (f"data.path={file.resolve()}", "experiment=flip_regression", seeds)
        quiet = ("track=false", "evaluation.figures=false", "callbacks.progress=null")
        places = (f"output_dir={folder}", f"hydra.run.dir={folder}")
        done = subprocess.run(
            [sys.executable, "train.py", *setting, *quiet, *places],
            cwd=ROOT / "projects" / "protein",
            env=clean_environment(
                OMP_NUM_THREADS=os.environ.get("OMP_NUM_THREADS", str(os.cpu_count() or 1)),
                PYTHONPATH=str(ROOT / "src"),
            ),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        print(done.stdout.splitlines()[-1], file=sys.stderr, flush=True)
        content: dict[str, Any] = json.loads((Path(folder) / "seeds.json").read_text())
        return content


def figure(file: Path, found: dict[str, Any]) -> Figure:
    score = found["test"]["spearman"]
    shown = f"{score['mean']:.3f} ± {score['sd']:.3f} [{score['low']:.3f}, {score['high']:.3f}]"
    what = f"FLIP {split_name(file)}, test Spearman, {len(SEEDS)} seeds"
    published = PUBLISHED.get(split_name(file))
    if published is None:
        return Figure(what, shown)
    ridge, cnn = published
    return Figure(what, shown, f"published: ridge {ridge}, CNN {cnn}", f"at least {cnn}", score["mean"] >= cnn)
