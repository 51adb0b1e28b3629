"""Embeddings: computed once, whoever asks, and the same states that a network on the model sees."""

import csv
import json
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from hydra import compose, initialize_config_dir
from omegaconf import DictConfig

from proteinlab.training import embed, train
from proteinlab.training.alphabet import encode
from proteinlab.training.embeddings.cache import EmbeddingCache, cache_root
from proteinlab.training.errors import UserError
from proteinlab.training.models.pretrained import frozen_encoder
from tests.proteinlab.training.language_models import save_tiny_esm

ROOT = Path(__file__).parents[3]
Rows = list[dict[str, str]]
WriteCsv = Callable[[Rows], Path]
Compose = Callable[..., DictConfig]

FASTA = ">a first\nACDEFGHIKL\n>b\nMNPQ\n>c the same as b\nMNPQ\n"


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROTEINX_CACHE_DIR", str(tmp_path / "cache"))


@pytest.fixture
def backbone(tmp_path: Path) -> Path:
    return save_tiny_esm(tmp_path / "tiny_esm")


def configure(tmp_path: Path, backbone: Path, *overrides: str) -> DictConfig:
    fasta = tmp_path / "data.fasta"
    fasta.write_text(FASTA)
    places = [f"data.path={fasta}", f"output_dir={tmp_path}/out", f"model.backbone={backbone}"]
    with initialize_config_dir(str(ROOT / "configs"), version_base="1.3"):
        return compose("embed", [*places, *overrides])


def written(tmp_path: Path) -> tuple[np.ndarray, list[dict[str, str]]]:
    with (tmp_path / "out/index.csv").open() as stream:
        return np.load(tmp_path / "out/embeddings.npy"), list(csv.DictReader(stream))


def test_a_second_run_computes_nothing(tmp_path: Path, backbone: Path) -> None:
    first = embed(configure(tmp_path, backbone, "kind=residues"))
    assert first["computed"] == 2, "three sequences, two of them the same"
    array, index = written(tmp_path)
    assert array.shape == (10 + 4 + 4, 16)
    assert [(row["id"], row["first_row"], row["rows"]) for row in index] == [
        ("a", "0", "10"),
        ("b", "10", "4"),
        ("c", "14", "4"),
    ]
    second = embed(configure(tmp_path, backbone, "kind=residues"))
    assert second == first | {"computed": 0}
    np.testing.assert_array_equal(written(tmp_path)[0], array)
    assert json.loads((tmp_path / "out/embeddings.json").read_text()) == second


def test_they_are_the_states_of_the_language_model(tmp_path: Path, backbone: Path) -> None:
    from transformers import AutoModel, AutoTokenizer

    embed(configure(tmp_path, backbone, "kind=residues"))
    model = AutoModel.from_pretrained(backbone).eval()
    words = AutoTokenizer.from_pretrained(backbone)("ACDEFGHIKL", return_tensors="pt")
    with torch.no_grad():
        states = model(**words).last_hidden_state[0, 1:-1].numpy()
    np.testing.assert_allclose(written(tmp_path)[0][:10], states, atol=1e-5)
    embed(configure(tmp_path, backbone))
    np.testing.assert_allclose(written(tmp_path)[0][0], states.mean(axis=0), atol=1e-5)


def test_other_weights_layers_or_precisions_are_other_embeddings(tmp_path: Path, backbone: Path) -> None:
    whole = embed(configure(tmp_path, backbone))
    again = [
        embed(configure(tmp_path, backbone, "model.layer=1")),
        embed(configure(tmp_path, backbone, "precision=bfloat16")),
        embed(configure(tmp_path, save_tiny_esm(tmp_path / "other", seed=1))),
    ]
    assert [one["computed"] for one in again] == [2, 2, 2]
    assert again[0]["model_sha256"] == whole["model_sha256"] != again[2]["model_sha256"]
    copied = embed(configure(tmp_path, save_tiny_esm(tmp_path / "a copy elsewhere")))
    assert copied["computed"] == 0


def test_training_reads_the_cache_of_embed(
    configured: Compose, write_csv: WriteCsv, gb1_rows: Rows, tmp_path: Path, backbone: Path
) -> None:
    common = [f"data.path={write_csv(gb1_rows[::8])}", "model=pretrained", f"model.net.backbone={backbone}"]
    common += ["trainer.max_epochs=2", "model.optimizer.lr=0.01"]
    computed = train(configured(*common))
    cached = train(configured(*common, "model.net.cache=true"))
    assert cached == pytest.approx(computed, rel=1e-4)
    files = sorted((tmp_path / "cache").rglob("*.npy"))
    before = [path.stat().st_mtime_ns for path in files]
    assert len(files) == len({row["sequence"] for row in gb1_rows[::8]})
    assert train(configured(*common, "model.net.cache=true")) == cached
    assert [path.stat().st_mtime_ns for path in files] == before


def test_two_at_once_share_a_cache_and_no_one_sees_half_a_file(tmp_path: Path) -> None:
    cache = EmbeddingCache.of("digest", -1, "float32", "residues", tmp_path)
    tokens, embedding = encode("ACDE"), np.random.default_rng(0).normal(size=(4, 50_000))
    seen: list[bool] = []

    def write() -> None:
        for _ in range(20):
            cache.keep(tokens, embedding)
            found = cache.find(tokens)
            seen.append(found is not None and np.array_equal(found, embedding))

    threads = [threading.Thread(target=write) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [True] * 40
    assert [path.suffix for path in tmp_path.rglob("*") if path.is_file()] == [".npy"]


def test_the_cache_has_a_place_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PROTEINX_CACHE_DIR")
    assert cache_root().name == "proteinx"


@pytest.mark.parametrize(
    ("override", "code"),
    [
        ("kind=median", "unknown_kind"),
        ("precision=int8", "unknown_precision"),
        ("data.max_length=9", "sequence_too_long"),
    ],
)
def test_settings_that_make_no_sense(override: str, code: str, tmp_path: Path, backbone: Path) -> None:
    with pytest.raises(UserError) as caught:
        embed(configure(tmp_path, backbone, override))
    assert caught.value.code == code


def test_the_language_model_takes_no_longer_sequence(tmp_path: Path) -> None:
    short = save_tiny_esm(tmp_path / "esm1b", positions="absolute")
    with pytest.raises(UserError, match="63 residues"):
        frozen_encoder(str(short), -1, 63)
