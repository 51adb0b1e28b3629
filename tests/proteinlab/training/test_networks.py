"""Every network at every level: padding changes no output, and what it learns comes back from its folder."""

import shutil
from collections.abc import Callable
from itertools import product
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from omegaconf import DictConfig
from torch import nn

from proteinlab.training import train
from proteinlab.training.alphabet import LETTERS, encode
from proteinlab.training.building import build
from proteinlab.training.encoded import Encoded
from proteinlab.training.errors import UserError
from proteinlab.training.inference import network_outputs
from proteinlab.training.models.network import Shape
from proteinlab.training.served import ServedModel
from tests.proteinlab.training.language_models import save_tiny_esm

Rows = list[dict[str, str]]
WriteCsv = Callable[[Rows], Path]
Compose = Callable[..., DictConfig]

NETS = {
    "cnn": ["model.net.filters=8", "model.net.hidden=8", "model.net.pooling=max"],
    "cnn attention": ["model=cnn", "model.net.filters=8", "model.net.hidden=8", "model.net.pooling=attention"],
    "lstm": ["model=recurrent", "model.net.hidden=8", "model.net.embedding=8"],
    "gru": ["model=recurrent", "model.net.hidden=8", "model.net.embedding=8", "model.net.cell=gru"],
    "transformer": ["model=transformer", "model.net.width=16", "model.net.layers=2", "model.net.heads=2"],
    "frozen": ["model=pretrained"],
    "finetune": ["model=finetune"],
    "lora": ["model=lora"],
    "embedding layer": ["model=finetune", "model.net.layer=1"],
}
PRETRAINED = ["frozen", "finetune", "lora"]


@pytest.fixture(scope="module")
def backbone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_esm(tmp_path_factory.mktemp("hub") / "tiny_esm")


def overrides(name: str, backbone: Path) -> list[str]:
    chosen = NETS[name]
    tuned = name in PRETRAINED or name == "embedding layer"
    return [*chosen, f"model.net.backbone={backbone}"] if tuned else chosen


def make(configured: Compose, name: str, backbone: Path, level: str, outputs: int = 2) -> nn.Module:
    cfg = configured("data.path=x.csv", *overrides(name, backbone))
    torch.manual_seed(1)
    net: nn.Module = build(cfg.model.net)(shape=Shape(outputs, 40, level))
    for part in net.parameters():  # adapters begin at zero, where they would change nothing
        if part.requires_grad:
            nn.init.normal_(part, std=0.3)
    return net.eval()


SEQUENCES = st.lists(st.text(LETTERS, min_size=1, max_size=40), min_size=2, max_size=6)


@pytest.mark.parametrize(
    ("name", "level"), [*product(NETS, ["sequence", "residue"]), ("lstm", "pair"), ("frozen", "pair")]
)
def test_padding_changes_no_output(name: str, level: str, configured: Compose, backbone: Path) -> None:
    net = make(configured, name, backbone, level)

    @given(SEQUENCES)
    @settings(max_examples=5, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    def alone_as_in_a_batch(sequences: list[str]) -> None:
        tokens = [encode(sequence) for sequence in sequences]
        partners = [encode(sequence[::-1] * 2) for sequence in sequences] if level == "pair" else None
        together = network_outputs(net, Encoded.of(tokens, level, partners=partners)).values
        alone = [
            network_outputs(net, Encoded.of([one], level, partners=partners and [partners[i]])).values
            for i, one in enumerate(tokens)
        ]
        np.testing.assert_allclose(np.concatenate(alone), together, atol=2e-5)

    alone_as_in_a_batch()


@pytest.mark.parametrize("name", NETS)
def test_residues_of_a_sequence_make_a_difference(name: str, configured: Compose, backbone: Path) -> None:
    """A network that ignores its input would pass every test of padding."""
    net = make(configured, name, backbone, "sequence")
    tokens = [encode(word) for word in ("ACDEFGHIKL", "ACDEWGHIKL", "LKIHGFEDCA")]
    one, other, turned = network_outputs(net, Encoded.of(tokens, "sequence")).values
    assert np.abs(one - other).max() > 1e-4
    if name not in {"cnn"}:
        assert np.abs(one - turned).max() > 1e-4


@pytest.mark.parametrize("name", ["lstm", "transformer", *PRETRAINED])
def test_every_network_trains_and_loads_without_the_folder_it_came_from(
    name: str, configured: Compose, write_csv: WriteCsv, gb1_rows: Rows, backbone: Path, tmp_path: Path
) -> None:
    mine = tmp_path / "backbone"
    shutil.copytree(backbone, mine)
    cfg = configured(
        f"data.path={write_csv(gb1_rows[::6])}",
        "trainer.max_epochs=2",
        "model.optimizer.lr=0.01",
        *overrides(name, mine),
    )
    metrics = train(cfg)
    assert np.isfinite(metrics["test_mse"])
    samples = build(cfg.data)
    task = build(cfg.task)
    task.fit(samples.rows("sequence", "train"))
    net = make(configured, name, mine, "sequence", outputs=1)
    served = ServedModel.from_config(cfg, net, task, samples)
    served.save(tmp_path / "model")
    before = served.predict(samples.sequences[:3])
    shutil.rmtree(mine)
    after = ServedModel.load(tmp_path / "model").predict(samples.sequences[:3])
    np.testing.assert_allclose(after["prediction"], before["prediction"], rtol=1e-5)


@pytest.mark.parametrize("name", PRETRAINED)
def test_only_what_is_tuned_learns_and_is_kept_in_checkpoints(
    name: str, configured: Compose, write_csv: WriteCsv, gb1_rows: Rows, backbone: Path, tmp_path: Path
) -> None:
    cfg = configured(f"data.path={write_csv(gb1_rows[::8])}", "trainer.max_epochs=1", *overrides(name, backbone))
    train(cfg)
    [state] = (tmp_path / "checkpoints").glob("*.ckpt")
    saved = torch.load(state, weights_only=True)["state_dict"]
    of_model = {key for key in saved if ".model." in key and "inv_freq" not in key}
    if name == "finetune":
        assert len(of_model) > 30
    else:
        assert len(of_model) == (0 if name == "frozen" else 8), "two adapted layers, query and value, A and B"


@pytest.mark.parametrize("name", ["finetune", "lora"])
def test_states_computed_again_give_the_same_gradients(name: str, configured: Compose, backbone: Path) -> None:
    tokens = torch.from_numpy(np.stack([encode("ACDEFGHIKL"), encode("LKIHGFEDCA")]))
    gradients = []
    for again in ("false", "true"):
        cfg = configured(
            "data.path=x.csv",
            *overrides(name, backbone),
            f"model.net.checkpointing={again}",
            "model.net.dropout=0",
            "model.net.lora.dropout=0",
        )
        torch.manual_seed(1)
        net = build(cfg.model.net)(shape=Shape(1, 10)).train()
        net(tokens).sum().backward()
        gradients.append({key: part.grad for key, part in net.named_parameters() if part.requires_grad})
    assert any("encoder.layer.0" in key for key in gradients[0])
    for key, gradient in gradients[0].items():
        torch.testing.assert_close(gradient, gradients[1][key])


@pytest.mark.parametrize(
    ("setting", "code"),
    [
        (["model.net.backbone=/nowhere/esm2"], "no_backbone"),
        (["model.net.tuning=half"], "unknown_tuning"),
        (["model.net.layer=7"], "no_such_layer"),
        (["model.net.pooling=median"], "unknown_pooling"),
        (["model.net.tuning=full", "model.net.cache=true"], "cache_needs_frozen"),
        (["model.net.tuning=lora", "model.net.lora.targets=[q_proj]"], "no_lora_target"),
    ],
)
def test_settings_that_a_language_model_cannot_have(
    setting: list[str], code: str, configured: Compose, backbone: Path
) -> None:
    cfg = configured("data.path=x.csv", "model=pretrained", f"model.net.backbone={backbone}", *setting)
    with pytest.raises(UserError) as caught:
        build(cfg.model.net)(shape=Shape(1, 40))
    assert caught.value.code == code


def test_a_sequence_longer_than_the_models_positions(
    configured: Compose, write_csv: WriteCsv, gb1_rows: Rows, tmp_path: Path
) -> None:
    short = save_tiny_esm(tmp_path / "esm1b", positions="absolute")  # 66 positions: 62 residues
    rows = [row | {"sequence": row["sequence"] + "ACDEFGH"} for row in gb1_rows]
    with pytest.raises(UserError, match="63 residues, this model takes at most 62") as caught:
        train(configured(f"data.path={write_csv(rows)}", "model=pretrained", f"model.net.backbone={short}"))
    assert caught.value.code == "sequence_too_long"
