"""Predict with a trained model: python predict.py data.path=FILE model.path=FOLDER [OVERRIDE ...]."""

print("starting predict.py", flush=True)

import hydra  # noqa: E402 - the imports below take a moment
from omegaconf import DictConfig  # noqa: E402

from proteinlab.training import launch, predict  # noqa: E402


@hydra.main(version_base="1.3", config_path="../../configs", config_name="predict")
def main(cfg: DictConfig) -> None:
    with launch.reported():
        predict(cfg)


if __name__ == "__main__":
    launch.run(main)
