"""Evaluate a trained model: python evaluate.py data.path=FILE model.path=FOLDER [OVERRIDE ...]."""

print("starting evaluate.py", flush=True)

import hydra  # noqa: E402 - the imports below take a moment
from omegaconf import DictConfig  # noqa: E402

from proteinlab.training import evaluate, launch  # noqa: E402


@hydra.main(version_base="1.3", config_path="../../configs", config_name="evaluate")
def main(cfg: DictConfig) -> None:
    with launch.reported():
        evaluate(cfg)


if __name__ == "__main__":
    launch.run(main)
