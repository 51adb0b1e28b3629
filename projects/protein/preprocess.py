"""Preprocess protein data: python preprocess.py data.path=FILE [OVERRIDE ...]."""

if __name__ == "__main__":  # not in Dask's processes, which import this file
    print("starting preprocess.py", flush=True)

import hydra
from omegaconf import DictConfig

from proteinlab.biodata.preprocess.engine import preprocess
from proteinlab.training import launch


@hydra.main(version_base="1.3", config_path="../../configs", config_name="preprocess")
def main(cfg: DictConfig) -> None:
    with launch.reported():
        preprocess(cfg)


if __name__ == "__main__":
    launch.run(main)
