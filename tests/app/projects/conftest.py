from collections.abc import Callable
from pathlib import Path

import pytest

from app.models import Project, Snapshot
from app.projects import compose, entry_points
from app.projects.service import resolve_snapshot
from tests.app.lab import Lab
from tests.app.sending import send_project

TRAIN = """import hydra
raise SystemExit("project code must never run on the master")

@hydra.main(version_base="1.3", config_path="conf", config_name="train")
def main(cfg): ...
"""
FILES = {
    "MLproject": """name: toy
entry_points:
  main:
    parameters:
      data: path
      lr: {type: float, default: 0.1}
      overrides: {type: string, default: ""}
    command: "python train.py data.path={data} model.lr={lr} overrides={overrides}"
  plain:
    parameters: {data: path, epochs: {type: float, default: 3}}
    command: "python plain.py {data} {epochs}"
""",
    "train.py": TRAIN,
    "plain.py": "print(1)\\n",
    "conf/train.yaml": """# Trains a toy.
defaults:
  - _self_
  # The network.
  - model: cnn
  - extra: null

# Seed of everything.
seed: 42
data:
  path: ???
  # Columns used.
  columns: [a, b]
  limits: {low: 0, high: 1.5}
name: toy  # shown in lists
where: ${oc.env:HOME}
copy: ${seed}
flag: false
nothing: null
odd: '# no comment'
""",
    "conf/model/cnn.yaml": "# A convolution.\n_target_: lib.Cnn\n# Learning rate.\nlr: 0.001\nlayers: 3\nlr2: ${.lr}\n",
    "conf/model/rnn.yaml": "_target_: lib.Rnn\nlr: 0.01\nhidden: ???\n",
    "conf/extra/more.yaml": "# @package _global_\nseed: 7\n",
}


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


@pytest.fixture
def bring(lab: Lab, tmp_path: Path) -> Callable[..., Snapshot]:
    """Uploads a project made of FILES and changes to them (None removes one)."""

    def run(name: str = "toy", **changes: str | None) -> Snapshot:
        names = {key: key.replace("__", "/").replace("_yaml", ".yaml").replace("_py", ".py") for key in changes}
        merged = {**FILES, **{names[key]: text for key, text in changes.items()}}
        files = {name: text for name, text in merged.items() if text is not None}
        number = len(list(tmp_path.glob("code*")))
        folder = write(tmp_path / f"code{number}", files)
        reply = send_project(lab.as_("alice"), name, folder, tmp_path / "packed")
        assert reply.status_code == 200, reply.text
        with lab.db.write() as session:
            project, snapshot = resolve_snapshot(session, lab.master, name, None)
            assert isinstance(project, Project)
        return snapshot

    return run


@pytest.fixture
def check(lab: Lab) -> Callable[..., compose.Composed]:
    def run(snapshot: Snapshot, *overrides: str, entry_point: str = "main", **parameters: str) -> compose.Composed:
        view = entry_points.find(snapshot, entry_point)
        return compose.check(
            lab.master, snapshot, view, parameters, overrides, {p.name for p in view.parameters if p.type == "path"}
        )

    return run
