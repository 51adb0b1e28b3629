"""Says when its first line ran. It has a Hydra config, so that the master composes and checks one for each job."""

import time

print(f"first line at {time.time()!r}", flush=True)

import hydra  # noqa: E402  after the line that is measured
from omegaconf import DictConfig  # noqa: E402


@hydra.main(version_base="1.3", config_path="configs", config_name="train")
def main(cfg: DictConfig) -> None:
    print(cfg)


if __name__ == "__main__":
    import shlex
    import sys

    words = [word.removeprefix("overrides=") for word in sys.argv[1:]]
    sys.argv[1:] = [part for word in words for part in shlex.split(word)]
    main()
