"""Embed sequences with a protein language model: python embed.py data.path=FILE [OVERRIDE ...]."""

print("starting embed.py", flush=True)

import hydra  # noqa: E402 - the imports below take a moment
from omegaconf import DictConfig  # noqa: E402

from proteinlab.training import embed, launch  # noqa: E402


@hydra.main(version_base="1.3", config_path="../../configs", config_name="embed")
def main(cfg: DictConfig) -> None:
    with launch.reported():
        embed(cfg)


if __name__ == "__main__":
    launch.run(main)
