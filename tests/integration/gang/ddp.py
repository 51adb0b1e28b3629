"""Trains a line with DistributedDataParallel over gloo, one process on each machine; goes on from its checkpoint."""

import json
import os
import sys
import time
from pathlib import Path

import torch
import torch.distributed as dist
from torch.nn.parallel import DistributedDataParallel

steps, pause = int(float(sys.argv[1])), float(sys.argv[2])
failing = int(float(sys.argv[3])) if len(sys.argv) > 3 else None
dist.init_process_group("gloo")  # the place and the ranks are in the environment
rank, world = dist.get_rank(), dist.get_world_size()
torch.manual_seed(rank)
model = torch.nn.Linear(1, 1)
resume = os.environ.get("PROTEINX_RESUME_DIR")
first = 0
if resume:
    [manifest] = Path(resume).glob("*.manifest.json")
    first = json.loads(manifest.read_text())["step"] + 1
    model.load_state_dict(torch.load(Path(resume) / f"step{first - 1}.pt", weights_only=True))
print(f"rank {rank} of {world}, from step {first}", flush=True)
ddp = DistributedDataParallel(model)
optimizer = torch.optim.SGD(ddp.parameters(), lr=0.1)
checkpoints = Path(os.environ["PROTEINX_CHECKPOINT_DIR"])
for step in range(first, steps):
    x = torch.rand(8, 1)
    loss = ((ddp(x) - (2 * x + 1)) ** 2).mean()
    optimizer.zero_grad()
    loss.backward()  # all ranks meet here
    optimizer.step()
    print(f"step {step}", flush=True)
    if failing == rank and step == 5:
        raise RuntimeError("this rank has a bug")
    if rank == 0 and step % 5 == 4:
        part = checkpoints / "part.tmp"
        torch.save(model.state_dict(), part)
        part.rename(checkpoints / f"step{step}.pt")
        manifest = {"step": step, "epoch": None, "files": [f"step{step}.pt"], "metric": None, "best": False}
        part.write_text(json.dumps(manifest))
        part.rename(checkpoints / f"step{step}.manifest.json")
    time.sleep(pause)
weights = torch.cat([parameter.detach().flatten() for parameter in model.parameters()])
gathered = [torch.zeros_like(weights) for _ in range(world)]
dist.all_gather(gathered, weights)
if rank == 0:
    result = {"world": world, "first": first, "weights": [one.tolist() for one in gathered]}
    (Path(os.environ["PROTEINX_OUTPUT_DIR"]) / "result.json").write_text(json.dumps(result))
dist.destroy_process_group()
