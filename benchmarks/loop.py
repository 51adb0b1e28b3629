"""Training throughput of the engine beside a loop written by hand in plain PyTorch.

Same network, batches, optimizer, schedule and threads. Both are timed from the first batch of an epoch to its end,
in turns, by the median of the pairs: what Lightning, progress, checks and metrics cost is the difference.
"""

import os
import statistics
import tempfile
import time
from typing import Any, Final

import pytorch_lightning as pl
import torch
from hydra import compose, initialize_config_dir
from omegaconf import DictConfig

from benchmarks.figures import Figure
from proteinlab.training.allocator import keep_freed_memory
from proteinlab.training.building import build
from proteinlab.training.callbacks.record import RecordMetrics
from proteinlab.training.datamodule import SequenceDataModule
from proteinlab.training.logs import quiet_libraries
from proteinlab.training.recipe import Recipe
from proteinlab.training.samples import Samples
from proteinlab.training.tracking import Record
from proteinlab.training.unprofiled import Unprofiled
from tests.integration.processes import ROOT

PAIRS: Final = 15
TARGET: Final = 0.97
EPOCHS: Final = 2
EXPERIMENT: Final = ("experiment=gb1_demo", f"data.path={ROOT}/examples/gb1_flip/three_vs_rest.csv.gz", "track=false")


def measure() -> list[Figure]:
    torch.set_num_threads(os.cpu_count() or 1)
    keep_freed_memory()  # the engine's doing, of which the loop by hand has its share here
    quiet_libraries()
    ratios = []
    with tempfile.TemporaryDirectory() as folder:
        cfg = _config(folder)
        samples = build(cfg.data)
        for pair in range(PAIRS):
            order = (_engine, _by_hand) if pair % 2 else (_by_hand, _engine)
            took = {way.__name__: way(cfg, *_parts(cfg, samples)) for way in order}
            ratios.append(took["_by_hand"] / took["_engine"])
    median = statistics.median(ratios)
    return [
        Figure(
            f"training engine's throughput, median ratio of {PAIRS} pairs",
            f"{median:.3f} ({min(ratios):.3f} to {max(ratios):.3f})",
            "a PyTorch loop by hand: same network, batches, threads",
            f"at least {TARGET}",
            median >= TARGET,
        )
    ]


def _config(folder: str) -> DictConfig:
    places = (f"output_dir={folder}", f"checkpoint_dir={folder}/checkpoints", f"trainer.max_epochs={EPOCHS}")
    with initialize_config_dir(str(ROOT / "configs"), version_base="1.3"):
        return compose("train", [*EXPERIMENT, *places])


def _parts(cfg: DictConfig, samples: Samples) -> tuple[SequenceDataModule, Recipe]:
    pl.seed_everything(cfg.seed, verbose=False)
    task = build(cfg.task)
    data = SequenceDataModule(samples, task, cfg.seed)
    return data, build(cfg.model)(task=task, length=samples.longest)


class Epochs(pl.Callback):
    """Seconds of the training epochs alone."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._began = 0.0

    def on_train_epoch_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        self._began = time.perf_counter()

    def on_validation_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        self.seconds += time.perf_counter() - self._began


def _engine(cfg: DictConfig, data: SequenceDataModule, recipe: Recipe) -> float:
    timed = Epochs()
    callbacks: list[Any] = [RecordMetrics(Record(None)), *(build(one) for one in cfg.callbacks.values() if one)]
    build(cfg.trainer)(callbacks=[*callbacks, timed], profiler=Unprofiled()).fit(recipe, data)
    return timed.seconds


def _by_hand(cfg: DictConfig, data: SequenceDataModule, recipe: Recipe) -> float:
    data.trainer = pl.Trainer(accelerator="cpu", logger=False, enable_checkpointing=False)
    batches = data.train_dataloader()
    net = recipe.net.train()
    optimizer = build(cfg.model.optimizer)(net.parameters())
    scheduler = build(cfg.model.scheduler)(optimizer, total_steps=len(batches) * EPOCHS)
    seconds = 0.0
    for epoch in range(EPOCHS):
        batches.set_epoch(epoch)
        began = time.perf_counter()
        for batch in batches:
            optimizer.zero_grad()
            loss = torch.nn.functional.mse_loss(net(batch["tokens"]).squeeze(-1), batch["target"])
            loss.backward()
            optimizer.step()
            scheduler.step()
        seconds += time.perf_counter() - began
    return seconds
