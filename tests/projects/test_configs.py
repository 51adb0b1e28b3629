"""Every YAML file in configs/ composes from YAML alone, and what it names can be built."""

import ast
from pathlib import Path
from typing import get_args

import pytest
from hydra import compose, initialize_config_dir
from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig, OmegaConf, open_dict

from proteinlab.training.building import build
from proteinlab.training.rows import whole_rows
from proteinlab.training.tasks import Kind, Task
from tests.proteinlab.training.language_models import save_tiny_esm

ROOT = Path(__file__).parents[2]
CONFIGS = ROOT / "configs"
GROUPS = sorted(
    path.relative_to(CONFIGS).with_suffix("")
    for path in CONFIGS.glob("*/*.yaml")
    if path.parent.name not in {"preprocess", "split"}  # groups of preprocess.yaml, tested in test_preprocess.py
)


def composed(*overrides: str, name: str = "train") -> DictConfig:
    with initialize_config_dir(str(CONFIGS), version_base="1.3"):
        return compose(name, ["output_dir=/tmp/x", *overrides])


def fitted(cfg: DictConfig) -> Task:
    task: Task = build(cfg.task)
    task.fit(whole_rows(["0", "1", "1", "0"], [2, 3, 4, 5]))
    return task


@pytest.fixture(scope="module")
def backbone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_esm(tmp_path_factory.mktemp("hub") / "tiny_esm")


@pytest.mark.parametrize("path", GROUPS, ids=str)
def test_every_file_of_a_group_is_built(path: Path, backbone: Path) -> None:
    needs = {name: ["task=classification"] for name in ("logistic", "logistic_composition")}
    needs |= {name: [f"model.net.backbone={backbone}"] for name in ("pretrained", "finetune", "lora")}
    cfg = composed(
        f"{path.parent}={path.name}",
        "data.path=x.csv",
        "checkpoint_dir=/tmp/x",
        "trainer.accelerator=cpu",
        *needs.get(path.name, []),
    )
    task = fitted(cfg)
    assert task.kind in get_args(Kind)
    recipe = build(cfg.model)(task=task, length=12)
    assert sum(parameter.numel() for parameter in recipe.parameters()) > 0
    callbacks = [build(one) for one in cfg.callbacks.values()]
    assert build(cfg.trainer)(callbacks=callbacks).max_epochs >= 1


@pytest.mark.parametrize("name", ["train", "predict", "preprocess", "embed", "evaluate"])
def test_composes_without_project_code_and_leaves_interpolations(name: str) -> None:
    with initialize_config_dir(str(CONFIGS), version_base="1.3"):
        container = OmegaConf.to_container(compose(name), resolve=False)
    assert isinstance(container, dict)
    assert container["output_dir"].startswith("${oc.env:PROTEINX_OUTPUT_DIR,")
    assert container["data"]["path"] == "???"


@pytest.mark.parametrize("name", ["train", "predict", "preprocess", "embed", "evaluate", "compare", "serve"])
def test_the_scripts_decorator_holds_literals(name: str) -> None:
    tree = ast.parse((ROOT / f"projects/protein/{name}.py").read_text())
    [main] = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    [decorator] = main.decorator_list
    assert isinstance(decorator, ast.Call)
    literals = {keyword.arg: ast.literal_eval(keyword.value) for keyword in decorator.keywords}
    assert literals == {"version_base": "1.3", "config_path": "../../configs", "config_name": name}


def test_every_key_has_a_comment_above_it() -> None:
    """The portal's form takes its help texts from there."""
    missing = []
    # Not for people: Lightning's own services, which ours replace, and Hydra's folder.
    quiet = {"logger", "enable_checkpointing", "enable_progress_bar", "enable_model_summary"}
    quiet |= {"num_sanity_val_steps", "dir"}
    for path in sorted(CONFIGS.rglob("*.yaml")):
        if path.parent.name in {"experiment", "debug"}:  # only differences; explained where they come from
            continue
        lines = path.read_text().splitlines()
        for number, line in enumerate(lines):
            key, colon, value = line.strip().partition(":")
            is_leaf = colon and value.strip() and not key.startswith(("#", "-", "_"))
            wired = value.strip().startswith("${") and path.parent.name in {"callbacks", "preprocess"}
            explained = lines[number - 1].strip().startswith("#")
            if is_leaf and not wired and not explained and key not in quiet:
                missing.append(f"{path.relative_to(CONFIGS)}: {key}")
    assert missing == []


def test_the_environment_decides_where_things_go(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OUTPUT", "CHECKPOINT", "RESUME"):
        monkeypatch.setenv(f"PROTEINX_{name}_DIR", f"/p/{name.lower()}")
    with initialize_config_dir(str(CONFIGS), version_base="1.3"):
        cfg = compose("train", return_hydra_config=True)
    assert cfg.resume_dir == "/p/resume"
    assert cfg.hydra.run.dir == "/p/output"
    with open_dict(cfg):
        cfg.hydra.runtime.output_dir = cfg.hydra.run.dir
    monkeypatch.setattr(HydraConfig.instance(), "cfg", OmegaConf.create({"hydra": cfg.hydra}))
    assert (cfg.output_dir, cfg.checkpoint_dir) == ("/p/output", "/p/checkpoint")
