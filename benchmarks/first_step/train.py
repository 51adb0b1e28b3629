"""A tiny Lightning training with its Hydra config and its MLflow run. Says when its first line ran, and when its first
optimiser step was done."""

import time

print(f"first line at {time.time()!r}", flush=True)

import shlex  # noqa: E402  after the line that is measured
import sys  # noqa: E402

import hydra  # noqa: E402
import mlflow  # noqa: E402
import pytorch_lightning as lightning  # noqa: E402
import torch  # noqa: E402
from omegaconf import DictConfig  # noqa: E402
from torch.utils.data import DataLoader, TensorDataset  # noqa: E402


class Line(lightning.LightningModule):
    def __init__(self, lr: float) -> None:
        super().__init__()
        self.layer = torch.nn.Linear(8, 1)
        self.lr = lr

    def training_step(self, batch: list[torch.Tensor], _: int) -> torch.Tensor:
        loss: torch.Tensor = self.layer(batch[0]).square().mean()
        return loss

    def configure_optimizers(self) -> torch.optim.Optimizer:
        return torch.optim.SGD(self.parameters(), self.lr)

    def optimizer_step(self, *arguments: object, **more: object) -> None:
        super().optimizer_step(*arguments, **more)
        print(f"first step at {time.time()!r}", flush=True)


@hydra.main(version_base="1.3", config_path="configs", config_name="train")
def main(cfg: DictConfig) -> None:
    trainer = lightning.Trainer(
        max_steps=1,
        accelerator="cpu",
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
    )
    trainer.fit(Line(cfg.lr), DataLoader(TensorDataset(torch.ones(4, 8)), batch_size=4))
    with mlflow.start_run():
        mlflow.log_metric("steps", trainer.global_step)


if __name__ == "__main__":
    words = [word.removeprefix("overrides=") for word in sys.argv[1:]]
    sys.argv[1:] = [part for word in words for part in shlex.split(word)]
    main()
