"""Pairs of sequences, on made-up data: they bind where one has a tryptophan motif and the other its partner."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from omegaconf import DictConfig

from proteinlab.predictions.reading import read_predictions
from proteinlab.training import train
from proteinlab.training.engine import build
from proteinlab.training.errors import UserError
from proteinlab.training.served import ServedModel
from proteinlab.training.tasks import Task

Rows = list[dict[str, str]]
WriteCsv = Callable[[Rows], Path]
Compose = Callable[..., DictConfig]


@pytest.fixture
def pairs() -> Rows:
    """Both have acid or both basic ends: repelled. One of each: bound."""
    generator = np.random.default_rng(7)
    rows = []
    for number in range(240):
        ends = generator.integers(0, 2, 2)
        one, other = ("".join(generator.choice(list("AGLSTV"), generator.integers(8, 15))) for _ in range(2))
        rows.append(
            {
                "name": f"p{number}",
                "left": one + ("DED", "KRK")[ends[0]],
                "right": ("DED", "KRK")[ends[1]] + other,
                "label": ("apart", "bound")[int(ends[0] != ends[1])],
            }
        )
    return rows


COLUMNS = ["data.columns.sequence=left", "data.columns.partner=right", "data.columns.id=name"]
NET = ["model.net.filters=16", "model.net.hidden=16", "model.optimizer.lr=0.02", "data.batch_size=32"]


def test_a_network_learns_what_the_two_are_to_each_other(
    configured: Compose, write_csv: WriteCsv, pairs: Rows, tmp_path: Path
) -> None:
    cfg = configured(
        f"data.path={write_csv(pairs)}",
        "task=pair_binary",
        "task.positive=bound",
        "trainer.max_epochs=25",
        *COLUMNS,
        *NET,
    )
    metrics = train(cfg)
    assert metrics["test_accuracy"] > 0.9
    assert read_predictions(tmp_path / "out").table["id"].tolist() == [row["name"] for row in pairs]


def test_a_served_model_takes_both_and_their_order_makes_no_difference(
    configured: Compose, write_csv: WriteCsv, pairs: Rows, tmp_path: Path
) -> None:
    cfg = configured(f"data.path={write_csv(pairs)}", "task=pair_binary", *COLUMNS, *NET)
    samples = build(cfg.data)
    task: Task = build(cfg.task)
    task.fit(samples.rows("pair", "train"))
    recipe = build(cfg.model)(task=task, length=samples.longest)
    ServedModel.from_config(cfg, recipe.net, task, samples).save(tmp_path / "model")
    served = ServedModel.load(tmp_path / "model")
    table = pd.DataFrame({"sequence": ["ACDE", "KKLL"], "partner": ["MNPQRST", "VV"]})
    swapped = table.rename(columns={"sequence": "partner", "partner": "sequence"})
    one, other = served.predict(table), served.predict(swapped)
    np.testing.assert_allclose(one["probability_bound"], other["probability_bound"], atol=1e-6)
    with pytest.raises(UserError, match="partner"):
        served.predict(["ACDE"])


@pytest.mark.parametrize(
    ("overrides", "code"),
    [
        (["task=pair_binary", "data.columns.sequence=left"], "no_partner"),
        (["task=binary", "data.columns.sequence=left", "data.columns.partner=right"], "unasked_partner"),
        (["task=binary", "task.level=domain", "data.columns.sequence=left"], "unknown_level"),
    ],
)
def test_task_and_columns_have_to_agree(
    overrides: list[str], code: str, configured: Compose, write_csv: WriteCsv, pairs: Rows
) -> None:
    with pytest.raises(UserError) as caught:
        train(configured(f"data.path={write_csv(pairs)}", *overrides))
    assert caught.value.code == code


def test_ridge_knows_pairs(configured: Compose, write_csv: WriteCsv, pairs: Rows) -> None:
    rows = [row | {"label": str(row["left"].count("D") + 2 * row["right"].count("K"))} for row in pairs]
    metrics = train(
        configured(f"data.path={write_csv(rows)}", "task=pair_regression", "model=ridge_composition", *COLUMNS)
    )
    assert metrics["test_pearson"] > 0.9
