"""The story of a preprocessing run."""

import tempfile
import time
from pathlib import Path
from typing import Any

from hydra.utils import instantiate
from omegaconf import DictConfig, OmegaConf

from proteinlab.biodata.errors import DataError
from proteinlab.biodata.preprocess.record import record_run
from proteinlab.biodata.preprocess.run import Run
from proteinlab.biodata.preprocess.table import Table
from proteinlab.biodata.preprocess.workers import Workers
from proteinlab.biodata.readers import columns_of
from proteinlab.biodata.records import Columns


def preprocess(cfg: DictConfig) -> dict[str, Any]:
    """Run the steps of the config in their order; returns the notes they made.

    Raises DataError where the person who asked has to change something.
    """
    source, output = Path(cfg.data.path), Path(cfg.output_dir)
    if not source.exists():
        raise DataError(
            "no_such_file", f"'{source}' is not there: give the path of a file, or of a folder of structures."
        )
    output.mkdir(parents=True, exist_ok=True)
    steps = {name: instantiate(step) for name, step in cfg.preprocess.steps.items() if step}
    with (
        Workers(cfg.scheduler, cfg.workers) as workers,
        tempfile.TemporaryDirectory(prefix="proteinlab-preprocess-") as temporary,
    ):
        columns = _columns(source, OmegaConf.to_container(cfg.data.columns))
        run = Run(source, columns, output, cfg.name, cfg.seed, workers, Path(temporary))
        table = Table()
        try:
            for number, (name, step) in enumerate(steps.items(), 1):
                print(f"step {number} of {len(steps)}: {name}", flush=True)
                start = time.monotonic()
                table = step(table, run)
                print(f"  {time.monotonic() - start:.1f} s", flush=True)
        except DataError:
            record_run(cfg, run.notes, output)  # a split that is refused is marked as what it is
            raise
    record_run(cfg, run.notes, output)
    return run.notes


def _columns(source: Path, named: Any) -> Columns | None:
    """The columns that config names and the others guessed; None (all guessed, later) where it names none."""
    chosen = {role: name for role, name in named.items() if name is not None}
    return columns_of(source, **chosen) if chosen else None
