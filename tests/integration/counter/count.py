"""Counts: a numbered line and a metric point at each step, a checkpoint now and then; goes on where it stopped.

A first attempt stands before the step `hold` until there is the file `gate`, so that a test finds it in the middle.
"""

import json
import os
import sys
import time
from pathlib import Path

steps, pause, every = int(float(sys.argv[1])), float(sys.argv[2]), int(float(sys.argv[3]))
hold, gate = int(float(sys.argv[4])), Path(sys.argv[5])
checkpoints = Path(os.environ["PROTEINX_CHECKPOINT_DIR"])
outputs = Path(os.environ["PROTEINX_OUTPUT_DIR"])
resume = os.environ.get("PROTEINX_RESUME_DIR")

print("first line", flush=True)
first = 0
if resume:
    [manifest] = Path(resume).glob("*.manifest.json")
    first = json.loads(manifest.read_text())["step"] + 1
    state = json.loads((Path(resume) / json.loads(manifest.read_text())["files"][0]).read_text())
    assert state["step"] == first - 1
    print(f"resumed after step {first - 1}", flush=True)

from mlflow import MlflowClient  # noqa: E402  as late as a training script would get to it

client = MlflowClient()
run_id = os.environ["PROTEINX_RUN_ID"]


def commit(step: int) -> None:
    name = f"step{step}.json"
    part = checkpoints / f".{name}"
    part.write_text(json.dumps({"step": step}))
    part.rename(checkpoints / name)
    manifest = {"step": step, "epoch": None, "files": [name], "metric": None, "best": False}
    part = checkpoints / f".{name}.manifest"
    part.write_text(json.dumps(manifest))
    part.rename(checkpoints / f"step{step}.manifest.json")


for step in range(first, steps):
    while step == hold and not resume and not gate.is_file():
        time.sleep(0.02)
    print(f"step {step}", flush=True)
    client.log_metric(run_id, "count", float(step), step=step)
    if step % every == every - 1:
        commit(step)
    time.sleep(pause)

(outputs / "result.json").write_text(json.dumps({"steps": steps, "first": first}))
print("last line", flush=True)
