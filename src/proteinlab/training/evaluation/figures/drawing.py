"""Which figures an evaluation has."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from proteinlab.stats.bootstrap import Interval
from proteinlab.training.evaluation.answers import given
from proteinlab.training.evaluation.evaluating import Evaluation
from proteinlab.training.evaluation.figures.classes import confusion, curves, reliability
from proteinlab.training.evaluation.figures.comparisons import by_bin, scores
from proteinlab.training.evaluation.figures.numbers import parity, residuals
from proteinlab.training.evaluation.figures.style import styled

Drawn = Iterator[tuple[str, Figure]]


def draw(evaluation: Evaluation, folder: Path) -> list[Path]:
    """PNG files in the folder, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    with styled():
        for figures in (_OF_KIND[evaluation.served.task.kind], _comparisons):
            for name, figure in figures(evaluation):
                paths.append(folder / f"{name}.png")
                figure.savefig(paths[-1])
    return paths


def _numbers(evaluation: Evaluation) -> Drawn:
    questions = evaluation.subject.questions["test"]
    answers = evaluation.answered["test"].columns["prediction"]
    value = evaluation.points("test").get("spearman")
    yield "parity", parity(answers, questions.truth, "Test set" if value is None else f"Test set, Spearman {value:.3f}")
    lengths = np.array([len(one) for one in evaluation.subject.samples.sequences])[questions.sample]
    errors = answers - questions.truth
    if np.ptp(lengths) > 0:
        yield "residual_by_length", residuals(errors, lengths, "length")
    identity = evaluation.subject.kinship.identity[questions.sample].astype(np.float64)
    if evaluation.subject.kinship.one_parent and np.isfinite(identity).all():
        differing = np.rint((1 - identity) * lengths)
        yield "residual_by_distance", residuals(errors, differing, "residues that differ from the nearest in training")


def _classes(evaluation: Evaluation) -> Drawn:
    task, truth = evaluation.served.task, evaluation.subject.questions["test"].truth
    answers = given(task, evaluation.answered["test"].columns)
    predicted = answers.argmax(axis=1)
    shown = [1] if len(task.classes) == 2 else list(range(len(task.classes)))
    yield (
        "roc_pr",
        curves(answers[:, shown], np.eye(len(task.classes))[truth][:, shown], [task.classes[i] for i in shown]),
    )
    yield "confusion", confusion(predicted, truth, task.classes)
    right = (predicted == truth).astype(np.float64)
    yield "reliability", reliability(answers.max(axis=1), right, evaluation.points("test")["ece"])


def _labels(evaluation: Evaluation) -> Drawn:
    task, truth = evaluation.served.task, evaluation.subject.questions["test"].truth
    yield "roc_pr", curves(given(task, evaluation.answered["test"].columns), truth, task.classes)


def _comparisons(evaluation: Evaluation) -> Drawn:
    main, level = evaluation.main, evaluation.scores.level
    beside: dict[str, Interval | None] = {"this model": evaluation.scores.intervals.get(main)}
    beside |= {one.name: found.intervals.get(main) for one, (_, found) in evaluation.baselines.items()}
    known = {name: interval for name, interval in beside.items() if interval is not None}
    if len(known) > 1:
        title = "Beside the baselines"
        yield "baselines", scores(list(known), list(known.values()), f"test {main}", title, level)
    bins = [one for one in evaluation.bins if one.interval is not None]
    if bins:
        labels, rows = [one.label for one in bins], [one.rows for one in bins]
        intervals = [one.interval for one in bins if one.interval is not None]
        yield "by_identity", by_bin(labels, rows, intervals, f"test {main}", level)


_OF_KIND: dict[str, Callable[[Evaluation], Drawn]] = {
    "regression": _numbers,
    "classification": _classes,
    "multilabel": _labels,
}
