"""Classes and labels of whole sequences: which counts as positive, any number of labels at once."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from omegaconf import DictConfig
from sklearn.metrics import roc_auc_score

from proteinlab.predictions.reading import read_predictions
from proteinlab.training import train
from proteinlab.training.errors import UserError
from proteinlab.training.rows import whole_rows
from proteinlab.training.tasks import Binary, Classification, MultiLabel, Regression, Task

Rows = list[dict[str, str]]
WriteCsv = Callable[[Rows], Path]
Compose = Callable[..., DictConfig]

PEPTIDES = Path(__file__).parents[3] / "data/amp_modlamp/anticancer.csv"


@pytest.mark.parametrize(("positive", "classes"), [(None, ["0", "1"]), (0, ["1", "0"]), ("1", ["0", "1"])])
def test_the_positive_class_comes_last(positive: str | int | None, classes: list[str]) -> None:
    task = Binary(positive=positive)
    rows = whole_rows(["1", "0", "0", "1"], [2, 3, 4, 5])
    task.fit(rows)
    assert task.classes == classes
    values = np.array([[0.0, 1.0], [0.5, 0.0], [0.0, 3.0], [0.0, 2.0]])
    truth = task.encode(rows)
    assert task.score(values, truth)["auroc"] == roc_auc_score(truth, values[:, 1] - values[:, 0])


@pytest.mark.parametrize(
    ("task", "words", "code"),
    [
        (Binary(), ["a", "b", "c"], "not_binary"),
        (Binary(positive="yes"), ["a", "b", "a"], "unknown_class"),
        (Binary(), ["a", "a", "a"], "one_class"),
        (MultiLabel(), [";", ";", ";"], "no_labels"),
        (Regression(), ["1", "inf", "2"], "bad_target"),
    ],
)
def test_what_training_rows_cannot_be(task: Task, words: list[str], code: str) -> None:
    with pytest.raises(UserError) as caught:
        task.fit(whole_rows(words, [2, 3, 4]))
    assert caught.value.code == code


def test_real_peptides_with_a_named_positive_class(configured: Compose, tmp_path: Path) -> None:
    cfg = configured(f"data.path={PEPTIDES}", "task=binary", "task.positive=0", "model=logistic_composition")
    metrics = train(cfg)
    assert metrics["test_auroc"] > 0.7
    assert list(read_predictions(tmp_path / "out").table)[-2:] == ["probability_1", "probability_0"]


def test_a_balanced_loss_is_a_mean_over_rows() -> None:
    task = Classification(balance=True)
    task.fit(whole_rows(["a", "a", "a", "b"], [2, 3, 4, 5]))
    outputs, target = torch.randn(6, 2), torch.tensor([0, 1, 0, 0, 1, 0])
    parts = [task.loss(outputs[part], target[part]) * len(target[part]) / 6 for part in (slice(0, 2), slice(2, 6))]
    torch.testing.assert_close(sum(parts), task.loss(outputs, target))


@pytest.fixture
def places() -> Rows:
    """Made up: a signal at the start for the membrane, basic residues for the nucleus, both or none."""
    generator = np.random.default_rng(3)
    rows = []
    for _ in range(300):
        membrane, nucleus = (bool(draw) for draw in generator.integers(0, 2, 2))
        body = "".join(generator.choice(list("ADGNST"), generator.integers(10, 20)))
        rows.append(
            {
                "sequence": ("MLLLLV" if membrane else "M") + body + ("KKRKR" if nucleus else ""),
                "membrane": str(int(membrane)),
                "nucleus": "yes" if nucleus else "no",
                "label": ";".join(n for n, has in (("membrane", membrane), ("nucleus", nucleus)) if has) or ";",
            }
        )
    return rows


NET = ["model.net.filters=16", "model.net.hidden=16", "model.optimizer.lr=0.02", "data.batch_size=32"]


def test_labels_in_one_column_or_in_several(
    configured: Compose, write_csv: WriteCsv, places: Rows, tmp_path: Path
) -> None:
    path = write_csv(places)
    common = [f"data.path={path}", "task=multilabel", "trainer.max_epochs=8", *NET]
    one = train(configured(*common, "data.columns.target=label"))
    assert list(read_predictions(tmp_path / "out").table)[-2:] == ["probability_membrane", "probability_nucleus"]
    several = train(configured(*common, "data.columns.target=[membrane,nucleus]"))
    assert one == several
    assert one["test_f1_micro"] > 0.9
    assert one["test_auroc_macro"] > 0.9


def test_a_column_that_says_neither_yes_nor_no(configured: Compose, write_csv: WriteCsv, places: Rows) -> None:
    places[2]["membrane"] = "perhaps"
    with pytest.raises(UserError) as caught:
        train(configured(f"data.path={write_csv(places)}", "task=multilabel", "data.columns.target=[membrane,nucleus]"))
    assert (caught.value.code, caught.value.line) == ("bad_label", 4)


def test_a_label_never_trained_on(configured: Compose, write_csv: WriteCsv, places: Rows) -> None:
    rows = [row | {"set": "train" if number > 9 else "test"} for number, row in enumerate(places)]
    rows[3]["label"] = "membrane; vacuole"
    with pytest.raises(UserError, match="vacuole") as caught:
        train(configured(f"data.path={write_csv(rows)}", "task=multilabel", "data.columns.target=label"))
    assert (caught.value.code, caught.value.line) == ("unseen_class", 5)
