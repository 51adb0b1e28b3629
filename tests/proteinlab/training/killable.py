"""Training in a process of its own that can be killed, forked from one that has everything imported."""

import hashlib
import json
import multiprocessing
import os
import random
import signal
import threading
import time
from multiprocessing.process import BaseProcess
from pathlib import Path

PRELOADED = [
    "proteinlab.training.fitting",
    "proteinlab.training.evaluation",
    "hydra",
    "tests.proteinlab.training.killable",
]
ROOT = Path(__file__).parents[3]


def start(folder: Path, overrides: list[str], kill_after: float | None = None) -> BaseProcess:
    """`kill_after`: it kills itself so many seconds after its first new checkpoint, if it is not done by then."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    process = context.Process(target=_train, args=(folder, overrides, kill_after))
    process.start()
    return process


def _train(folder: Path, overrides: list[str], kill_after: float | None) -> None:
    if kill_after is not None:
        threading.Thread(target=_kill, args=(folder, _newest_step(folder), kill_after), daemon=True).start()
    import torch
    from hydra import compose, initialize_config_dir

    from proteinlab.training import train
    from proteinlab.training.callbacks.checkpoints import newest_checkpoint

    torch.set_num_threads(1)
    places = [f"output_dir={folder}/out", f"checkpoint_dir={folder}/checkpoints", "track=false"]
    with initialize_config_dir(str(ROOT / "configs"), version_base="1.3"):
        cfg = compose("train", [*places, *overrides])
    metrics = train(cfg)
    newest = newest_checkpoint(f"{folder}/checkpoints")
    assert newest is not None
    state = torch.load(newest, weights_only=True)
    total = hashlib.sha256()
    for name, part in sorted(state["state_dict"].items()):
        total.update(name.encode() + part.numpy().tobytes())
    result = {"sha256": total.hexdigest(), "step": state["global_step"], "epoch": state["epoch"], "metrics": metrics}
    (folder / "result.json").write_text(json.dumps(result))


def undisturbed(folder: Path, overrides: list[str]) -> dict[str, object]:
    process = start(folder, overrides)
    process.join()
    assert process.exitcode == 0
    result: dict[str, object] = json.loads((folder / "result.json").read_text())
    return result


def killed_and_continued(folder: Path, overrides: list[str], kills: int, chance: random.Random) -> dict[str, object]:
    """`kill -9` at random moments, each after at least one more checkpoint, or until it is done before one.

    The process does it to itself, anywhere in a step, a checkpoint or a validation: one that watched it could be kept
    from looking until the training is over.
    """
    for number in range(kills):
        process = start(folder, [*overrides, *_resumed(folder)], chance.uniform(0.0, 0.05))
        process.join()
        if process.exitcode == 0:
            assert number, "it was never killed"
            break
        assert process.exitcode == -9
    return undisturbed(folder, [*overrides, *_resumed(folder)])


def _resumed(folder: Path) -> list[str]:
    return [f"resume_dir={folder}/checkpoints"] if _newest_step(folder) else []


def _newest_step(folder: Path) -> int:
    return max((_step(path) for path in (folder / "checkpoints").glob("*.manifest.json")), default=0)


def _step(manifest: Path) -> int:
    try:
        return int(json.loads(manifest.read_text())["step"])
    except FileNotFoundError:  # removed since it was listed
        return 0


def _kill(folder: Path, step: int, seconds: float) -> None:
    while _newest_step(folder) <= step:
        time.sleep(0.005)
    time.sleep(seconds)
    os.kill(os.getpid(), signal.SIGKILL)
