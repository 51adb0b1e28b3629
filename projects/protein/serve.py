"""Keep a trained model loaded and answer requests, as the platform starts it: python serve.py model.path=FOLDER."""

print("starting serve.py", flush=True)

import hydra  # noqa: E402 - the imports below take a moment
from omegaconf import DictConfig  # noqa: E402

from proteinlab.training import launch, serve  # noqa: E402


@hydra.main(version_base="1.3", config_path="../../configs", config_name="serve")
def main(cfg: DictConfig) -> None:
    with launch.reported():
        serve(cfg)


if __name__ == "__main__":
    launch.run(main)
