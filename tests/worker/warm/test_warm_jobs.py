"""What a job that is a fork of the launcher must leave alone, and what becomes of it when something dies."""

import json
import os
import signal
from pathlib import Path
from typing import Final

from proteinx.contracts.jobs import Resources
from tests.worker.stub import until
from tests.worker.warm.conftest import Pairs
from worker import landlock, processes

_SPY: Final = """
import glob, json, os, re
found = []
for folder in glob.glob("/proc/[0-9]*"):
    for part in ("environ", "cmdline", "maps"):
        try:
            content = open(f"{folder}/{part}", "rb").read().decode(errors="replace")
        except OSError:
            continue
        if part != "maps" and ("px_n_" in content or "px_w_" in content):
            found.append(f"{folder}/{part}")
for line in open("/proc/self/maps"):  # what a fork has of its ancestors
    area = re.match(r"([0-9a-f]+)-([0-9a-f]+) rw", line)
    if area is None: continue
    start, end = (int(text, 16) for text in area.groups())
    try:
        with open("/proc/self/mem", "rb", 0) as memory:
            memory.seek(start)
            content = memory.read(end - start)
    except OSError:
        continue
    if re.search(b"px_[nw]_(node|join)[_]secret", content):  # a pattern that does not match itself
        found.append(line)
try:
    found.append(open(os.path.dirname(os.environ["HOME"]) + "/../../../node.json").read())
except OSError as error:
    print(type(error).__name__)
print(json.dumps(found))
import torch
"""

_FAMILY: Final = """
import os, signal, subprocess, sys, torch
subprocess.Popen(["bash", "-c", "trap '' TERM; setsid sleep 601 & sleep 602"], start_new_session=True)
def leave(*_):
    print("told to end", flush=True)
    raise SystemExit(7)
signal.signal(signal.SIGTERM, leave)
print("ready", os.getpid(), flush=True)
while True: signal.pause()
"""

_DDP: Final = """
import os, torch, pytorch_lightning as pl
class Model(pl.LightningModule):
    def __init__(self):
        super().__init__(); self.layer = torch.nn.Linear(4, 1)
    def training_step(self, batch, _):
        return self.layer(batch[0]).mean()
    def configure_optimizers(self): return torch.optim.SGD(self.parameters(), 0.1)
data = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(torch.ones(4, 4)), batch_size=1)
trainer = pl.Trainer(max_steps=2, devices=2, strategy="ddp", accelerator="cpu", logger=False,
    enable_checkpointing=False, enable_progress_bar=False, enable_model_summary=False)
trainer.fit(Model(), data)
os.write(1, f"\\nrank {trainer.global_rank} of {trainer.world_size} after {trainer.global_step}\\n".encode())  # at once
"""


def test_a_fork_has_no_credential_of_its_agent(pairs: Pairs) -> None:
    job = pairs.run_warm(_SPY)
    expected = ["PermissionError", "[]"] if landlock.abi() else ["[]"]
    assert job.log.decode().splitlines()[-len(expected) :] == expected


def test_cancel_ends_the_whole_tree(pairs: Pairs) -> None:
    job = pairs.master.job(_FAMILY, grace=1.0)
    until(lambda: b"ready" in job.log)
    pairs.master.cancel(job)
    until(lambda: job.finish)
    assert job.finish is not None and job.finish["outcome"] == "cancelled"
    assert b"told to end" in job.log and job.details["start"] == "warm"
    assert _processes_of(job.job_id) == []


def test_a_job_is_found_again_when_its_supervisor_is_killed(pairs: Pairs) -> None:
    job = pairs.master.job(_FAMILY)
    until(lambda: b"ready" in job.log)
    [directory] = (pairs.agent.state / "attempts").glob(f"{job.job_id}.*")
    state = json.loads((directory / "control" / "state.json").read_text())
    assert state["child"]["pid"] in processes.with_cookie(lambda cookie: cookie == state["cookie"])
    shown = Path(f"/proc/{state['supervisor']['pid']}/cmdline").read_bytes()
    assert shown.rstrip(b"\0").decode() == f"python -m worker.supervisor {directory}"
    os.kill(state["supervisor"]["pid"], signal.SIGKILL)
    until(lambda: job.finish)
    assert job.finish is not None and (job.finish["outcome"], job.finish["fault"]) == ("failed", "infra")
    assert _processes_of(job.job_id) == []


def test_two_processes_of_lightning(pairs: Pairs) -> None:
    job = pairs.run_warm(_DDP, resources=Resources(cpus=1, memory=0))
    assert sorted(line for line in job.log.decode().splitlines() if line.startswith("rank ")) == [
        "rank 0 of 2 after 2",
        "rank 1 of 2 after 2",
    ]


def test_reasons_for_a_cold_start_are_told(pairs: Pairs) -> None:
    jobs = {
        "cold: its command is more than `python script.py`": pairs.master.job(command="python main.py; true"),
        "cold: its own module json would be hidden by one that is loaded already": pairs.master.job(
            "import json; print(json.OWN)", project={"json.py": "OWN = 'own'"}
        ),
    }
    for reason, job in jobs.items():
        until(lambda job=job: job.finish)
        assert job.details["start"] == reason
        assert job.finish is not None and job.finish["outcome"] == "succeeded", job.log
    assert job.log == b"own\n"


def test_without_its_launchers_a_worker_goes_on_cold_and_starts_others(pairs: Pairs) -> None:
    running = pairs.master.job(_FAMILY)
    until(lambda: b"ready" in running.log)
    assert "which no fork has" not in pairs.agent.log.read_text(), "a fork has one thread only"
    for pid in _launchers(pairs):
        os.kill(pid, signal.SIGKILL)
    job = pairs.master.job("print('cold')")
    until(lambda: job.finish)
    assert job.finish is not None and job.finish["outcome"] == "succeeded"
    assert "starts without the small launcher" in pairs.agent.log.read_text()
    assert running.finish is None  # jobs do not need the launcher that they came from
    until(lambda: pairs.agent.log.read_text().count("the small launcher is ready") == 2)
    assert pairs.run_warm("print('warm again')").log == b"warm again\n"
    pairs.master.cancel(running)
    until(lambda: running.finish)
    until(lambda: pairs.agent.log.read_text().count("the launcher is ready") == 2)  # as the next test has it


def _launchers(pairs: Pairs) -> list[int]:
    assert pairs.agent.process is not None
    return [
        process.pid
        for process in processes.everyone()
        if process.parent == pairs.agent.process.pid and _shown(process).startswith(b"proteinx-launcher")
    ]


def _processes_of(job_id: str) -> list[int]:
    mark = f"PROTEINX_RUN_ID={job_id}".encode()
    return [process.pid for process in processes.everyone() if process.state not in "ZX" and mark in _environ(process)]


def _environ(process: processes.Process) -> bytes:
    return _of(process, "environ")


def _shown(process: processes.Process) -> bytes:
    return _of(process, "cmdline")


def _of(process: processes.Process, part: str) -> bytes:
    """Empty where it has just ended."""
    try:
        return Path(f"/proc/{process.pid}/{part}").read_bytes()
    except OSError:
        return b""
