"""Compare two runs' predictions: python compare.py first.path=FILE second.path=FILE [OVERRIDE ...]."""

print("starting compare.py", flush=True)

import hydra  # noqa: E402 - the imports below take a moment
from omegaconf import DictConfig  # noqa: E402

from proteinlab.training import compare, launch  # noqa: E402


@hydra.main(version_base="1.3", config_path="../../configs", config_name="compare")
def main(cfg: DictConfig) -> None:
    with launch.reported():
        compare(cfg)


if __name__ == "__main__":
    launch.run(main)
