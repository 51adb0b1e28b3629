"""Training throughput of the engine beside a loop written by hand in plain PyTorch.

Same network, batches, optimizer, schedule and threads. All are timed from the first batch of an epoch to its end,
in turns, by the median of the rounds. The engine stands beside the loop as one writes it, and beside the same loop
with what the engine sets about memory and the optimizer: the second shows what Lightning, progress, checks and metrics
cost. Each way has a process of its own, since how memory is kept holds for a whole process.
"""

import multiprocessing
import os
import statistics
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from enum import StrEnum
from functools import cache
from typing import Any, Final

import pytorch_lightning as pl
import torch
from hydra import compose, initialize_config_dir
from omegaconf import DictConfig, open_dict

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

ROUNDS: Final = 15
TARGET: Final = 0.97
EPOCHS: Final = 2
EXPERIMENT: Final = ("experiment=gb1_demo", f"data.path={ROOT}/examples/gb1_flip/three_vs_rest.csv.gz", "track=false")


class Way(StrEnum):
    ENGINE = "engine"
    BY_HAND = "by hand"
    TUNED = "by hand, tuned"


def measure() -> list[Figure]:
    took: dict[Way, list[float]] = {way: [] for way in Way}
    with ExitStack() as opened:
        folder = opened.enter_context(tempfile.TemporaryDirectory())
        processes = {way: opened.enter_context(_process(way)) for way in Way}
        for number in range(ROUNDS + 1):
            for way in list(Way) if number % 2 else reversed(Way):
                seconds = processes[way].submit(_seconds, way, folder).result()
                if number:  # the first round only warms up
                    took[way].append(seconds)
    return [
        _figure(took, Way.BY_HAND, "a PyTorch loop by hand: same network, batches, threads", TARGET),
        _figure(took, Way.TUNED, "that loop with the engine's memory and fused optimizer", None),
    ]


def _figure(took: dict[Way, list[float]], beside: Way, what: str, target: float | None) -> Figure:
    ratios = [other / own for other, own in zip(took[beside], took[Way.ENGINE], strict=True)]
    median = statistics.median(ratios)
    return Figure(
        f"training engine's throughput, median ratio of {ROUNDS} rounds",
        f"{median:.3f} ({min(ratios):.3f} to {max(ratios):.3f})",
        what,
        f"at least {target}" if target else "",
        median >= target if target else None,
    )


def _process(way: Way) -> ProcessPoolExecutor:
    spawned = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(1, spawned, initializer=_prepare, initargs=(way,))


def _prepare(way: Way) -> None:
    torch.set_num_threads(os.cpu_count() or 1)
    quiet_libraries()
    if way is not Way.BY_HAND:
        keep_freed_memory()


def _seconds(way: Way, folder: str) -> float:
    cfg = _config(folder)
    if way is Way.TUNED:
        with open_dict(cfg):
            cfg.model.optimizer.fused = True
    run = _engine if way is Way.ENGINE else _by_hand
    return run(cfg, *_parts(cfg, _samples(folder)))


@cache
def _samples(folder: str) -> Samples:
    samples: Samples = build(_config(folder).data)
    return samples


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
