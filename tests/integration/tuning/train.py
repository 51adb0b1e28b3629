"""Trains nothing: its loss falls towards a floor that its settings give. Plain HTTP to MLflow, to start fast."""

import json
import math
import os
import shlex
import sys
import time
import urllib.request
from collections.abc import Iterator

import hydra
from omegaconf import DictConfig


def log(key: str, value: float, step: int) -> None:
    run = os.environ["PROTEINX_RUN_ID"]
    body = {"run_id": run, "key": key, "value": value, "step": step, "timestamp": int(time.time() * 1000)}
    url = f"{os.environ['MLFLOW_TRACKING_URI']}/api/2.0/mlflow/runs/log-metric"
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {os.environ['MLFLOW_TRACKING_TOKEN']}"}
    urllib.request.urlopen(urllib.request.Request(url, json.dumps(body).encode(), headers), timeout=30).close()


@hydra.main(version_base="1.3", config_path="conf", config_name="train")
def main(cfg: DictConfig) -> None:
    floor = cfg.model.floor + abs(math.log10(cfg.lr) + 1) + 0.001 * cfg.seed
    if cfg.fail:
        raise SystemExit("told to fail")
    for step in range(1, cfg.steps + 1):
        log("loss", floor + 1 / step, step)
        print(f"step {step}", flush=True)
        time.sleep(cfg.pause)


def expand(arguments: list[str]) -> Iterator[str]:
    for argument in arguments:
        key, _, value = argument.partition("=")
        yield from shlex.split(value) if key == "overrides" else [argument]


if __name__ == "__main__":
    sys.argv[1:] = expand(sys.argv[1:])
    main()
