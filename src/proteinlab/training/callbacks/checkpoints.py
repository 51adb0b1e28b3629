"""Checkpoints that are whole or absent, by time and at the end of epochs.

Each is two files: the training state, and the best weights so far. The manifest, written last, commits them;
whoever copies checkpoints away reads manifests only. Everything a resumed run needs is in the newest one.
"""

import json
import math
import os
import shutil
import time
from pathlib import Path
from typing import Any

import pytorch_lightning as pl
from pytorch_lightning.callbacks import Callback
from safetensors.torch import load_file, save_file
from torch import nn

from proteinlab.training.callbacks.averaging import net_to_keep
from proteinlab.training.callbacks.finite import FiniteLoss
from proteinlab.training.callbacks.randomness import State, random_state, restore_random_state
from proteinlab.training.processes import gathered
from proteinlab.training.weights import learned_state, load_learned

MANIFEST = ".manifest.json"


class Checkpoints(Callback):
    """Saves at the end of every `every_epochs` epochs and, within them, every `every_seconds`.

    Keeps the last `keep_last` checkpoints and the best by `monitor` (`mode` min or max).
    """

    def __init__(
        self,
        *,
        directory: str,
        monitor: str,
        mode: str,
        every_seconds: float,
        every_epochs: int,
        keep_last: int,
    ) -> None:
        self._directory = Path(directory)
        self._monitor = monitor
        self._sign = {"min": -1.0, "max": 1.0}[mode]
        self._every_seconds = every_seconds
        self._every_epochs = every_epochs
        self._keep_last = keep_last
        self._saved_at = time.monotonic()
        self.saved_step = -1
        self.saved: Path | None = None
        """The training state written last."""
        self._manifests: dict[Path, dict[str, Any]] = {}  # of this run, oldest first
        self._files: set[str] = set()
        self._random: list[State] = []  # one for each process, as of the checkpoint
        self.best_score: float | None = None
        self.best_file: str | None = None

    def state_dict(self) -> dict[str, Any]:
        return {"best_score": self.best_score, "best_file": self.best_file, "random": self._random}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        self.best_score = state_dict["best_score"]
        self.best_file = state_dict["best_file"]
        self._random = state_dict["random"]

    def on_train_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        if len(self._random) == trainer.world_size:
            restore_random_state(self._random[trainer.global_rank])

    def on_train_batch_end(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        if not may_save(trainer, batch_idx):
            return
        due = time.monotonic() - self._saved_at > self._every_seconds
        if trainer.world_size > 1:  # clocks differ, and saving needs every process
            due = bool(trainer.strategy.broadcast(due))
        if due:
            self.save(trainer)

    def on_train_epoch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        improved = self._improve(trainer, pl_module)
        last = trainer.should_stop or trainer.current_epoch + 1 == trainer.max_epochs
        if improved or last or (trainer.current_epoch + 1) % self._every_epochs == 0:
            self.save(trainer, best=improved)

    def adopt(self, checkpoint: Path) -> None:
        """Take over the best weights that lie beside a checkpoint of another attempt."""
        print(f"resuming from {checkpoint.name}", flush=True)
        self._directory.mkdir(parents=True, exist_ok=True)
        for weights in checkpoint.parent.glob("best-*.safetensors"):
            if weights.parent.resolve() != self._directory.resolve():
                partial = self._directory / f"{weights.name}.partial"
                shutil.copyfile(weights, partial)
                partial.replace(self._directory / weights.name)

    def restore_best(self, net: nn.Module) -> None:
        """Put the best weights into the network; where validation never gave a number, the last ones stay."""
        if self.best_file is not None:
            load_learned(net, load_file(self._directory / self.best_file))

    def save(self, trainer: pl.Trainer, best: bool = False) -> None:
        """Write and commit a checkpoint, if the loss was finite so far. All processes must call it."""
        for callback in trainer.callbacks:
            if isinstance(callback, FiniteLoss):
                callback.check(trainer)
        name = f"step-{trainer.global_step:09d}"
        state = self._directory / f"{name}.ckpt"
        partial = state.with_suffix(".partial")
        self._random = gathered(random_state())
        trainer.save_checkpoint(partial)
        if trainer.is_global_zero:
            partial.replace(state)
            content = {
                "step": trainer.global_step,
                "epoch": trainer.current_epoch,
                "files": [state.name] + ([self.best_file] if self.best_file else []),
                "metric": self.best_score if best else None,
                "best": best,
            }
            self._commit(self._directory / f"{name}{MANIFEST}", content)
        self._saved_at = time.monotonic()
        self.saved_step, self.saved = trainer.global_step, state

    def _improve(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> bool:
        score = float(trainer.callback_metrics.get(self._monitor, math.nan))
        if not math.isfinite(score):
            return False
        if self.best_score is not None and self._sign * score <= self._sign * self.best_score:
            return False
        self.best_score = score
        self.best_file = f"best-{trainer.global_step:09d}.safetensors"
        if trainer.is_global_zero:
            self._directory.mkdir(parents=True, exist_ok=True)
            target = self._directory / self.best_file
            partial = target.with_suffix(".partial")
            save_file(learned_state(net_to_keep(trainer, pl_module)), partial)
            partial.replace(target)
        return True

    def _commit(self, manifest: Path, content: dict[str, Any]) -> None:
        """Write the manifest, then remove what is no longer wanted of this run's files, manifests first."""
        _write_whole(manifest, json.dumps(content))
        self._manifests.pop(manifest, None)  # saved again at the same step: now the newest
        self._manifests[manifest] = content
        self._files |= set(content["files"])
        best = [path for path, written in self._manifests.items() if written["best"]]
        kept = {*list(self._manifests)[-self._keep_last :], *best[-1:]}
        for path in self._manifests.keys() - kept:
            path.unlink(missing_ok=True)
            del self._manifests[path]
        needed = {name for written in self._manifests.values() for name in written["files"]}
        for name in self._files - needed:
            (self._directory / name).unlink(missing_ok=True)
        self._files = needed


def may_save(trainer: pl.Trainer, batch_idx: int) -> bool:
    """Whether a run could go on from here as if nothing had happened.

    Not with gradients half accumulated, and not between an epoch's last batch and its validation, which a
    resumed run would skip; the end of the epoch is near then.
    """
    between_steps: bool = (batch_idx + 1) % trainer.accumulate_grad_batches == 0
    last: bool = batch_idx + 1 >= trainer.num_training_batches
    return between_steps and not last


def newest_checkpoint(directory: str | None) -> Path | None:
    """The training state of the newest committed checkpoint in a directory, if there is one."""
    if directory is None:
        return None
    manifests = [json.loads(path.read_text()) for path in Path(directory).glob(f"*{MANIFEST}")]
    if not manifests:
        return None
    newest = max(manifests, key=lambda manifest: int(manifest["step"]))
    name: str = next(name for name in newest["files"] if name.endswith(".ckpt"))
    return Path(directory) / name


def _write_whole(path: Path, text: str) -> None:
    partial = path.with_name(path.name + ".partial")
    with partial.open("w") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    partial.replace(path)
