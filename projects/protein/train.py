"""Train a protein model: python train.py data.path=FILE [OVERRIDE ...]."""

print("starting train.py", flush=True)

import hydra  # noqa: E402 - the imports below take a moment
from omegaconf import DictConfig  # noqa: E402

from proteinlab.training import launch, train  # noqa: E402


@hydra.main(version_base="1.3", config_path="../../configs", config_name="train")
def main(cfg: DictConfig) -> None:
    with launch.reported():
        train(cfg)


if __name__ == "__main__":
    launch.run(main)
