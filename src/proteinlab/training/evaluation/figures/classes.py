"""Figures of predicted classes and labels."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from proteinlab.stats.arrays import Array, Index
from proteinlab.stats.classification import BINS, confidence_bin
from proteinlab.training.evaluation.figures.style import MAIN, MOST_SERIES, QUIET, SERIES, panels

_MOST_NAMED = 12  # classes whose counts still fit into a confusion matrix
_MOST_POINTS = 500


def curves(probabilities: Array, positive: Array, names: Sequence[str]) -> Figure:
    """ROC and precision-recall, one line for each of at most eight classes or labels.

    `probabilities` and `positive` (0 or 1) have shape (rows, len(names)); a column without both answers is left out.
    """
    figure, [roc, recall_axes] = panels(2)
    for number, name in enumerate(names[:MOST_SERIES]):
        truth, score = positive[:, number], probabilities[:, number]
        if 0 < truth.sum() < len(truth):
            false, true, precision = _rates(score, truth)
            roc.plot(false, true, color=SERIES[number], linewidth=1.5, label=name)
            recall_axes.plot(true, precision, color=SERIES[number], linewidth=1.5, label=name)
    roc.plot([0, 1], [0, 1], color=QUIET, linewidth=1.0)
    roc.set(xlabel="false positive rate", ylabel="true positive rate", title="ROC")
    recall_axes.set(xlabel="recall", ylabel="precision", title="Precision and recall", ylim=(0, 1.02))
    roc.legend()
    return figure


def _rates(score: Array, truth: Array) -> tuple[Array, Array, Array]:
    """False and true positive rates and precisions at falling thresholds, thinned to 500 points."""
    order = np.argsort(-score, kind="stable")
    last = np.append(np.diff(score[order]) != 0, True)
    hits, misses = np.cumsum(truth[order])[last], np.cumsum(1 - truth[order])[last]
    kept = np.unique(np.linspace(0, len(hits) - 1, min(len(hits), _MOST_POINTS)).astype(np.int64))
    hits, misses = hits[kept], misses[kept]
    return misses / misses[-1], hits / hits[-1], hits / (hits + misses)


def confusion(predicted: Index, truth: Index, names: Sequence[str]) -> Figure:
    """Counts, coloured by the share of each true class."""
    size = len(names)
    counts = np.bincount(truth * size + predicted, minlength=size * size).reshape(size, size)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure, [axes] = panels(width=5.0, height=4.6)
    axes.imshow(shares, cmap="Blues", vmin=0.0, vmax=1.0)
    if size <= _MOST_NAMED:
        axes.set_xticks(range(size), names, rotation=45, ha="right")
        axes.set_yticks(range(size), names)
        for row, column in np.ndindex(size, size):
            color = "white" if shares[row, column] > 0.6 else "black"
            axes.text(column, row, f"{counts[row, column]:,}", ha="center", va="center", fontsize=8, color=color)
    axes.set(xlabel="predicted", ylabel="true", title="Confusion")
    return figure


def reliability(confidence: Array, right: Array, error: float) -> Figure:
    """How often a prediction is right, by how confident it is; on the line confidence is honest."""
    place = confidence_bin(confidence)
    counts = np.bincount(place, minlength=BINS)
    used = np.flatnonzero(counts)
    means = [np.bincount(place, weights=values, minlength=BINS)[used] / counts[used] for values in (confidence, right)]
    figure, [axes, below] = panels(2)
    axes.plot([0, 1], [0, 1], color=QUIET, linewidth=1.0)
    axes.plot(*means, color=MAIN, marker="o", markersize=4)
    axes.set(xlabel="confidence", ylabel="share that is right", title=f"Reliability (ECE {error:.3f})")
    axes.set(xlim=(0, 1.02), ylim=(0, 1.02))
    below.bar((np.arange(BINS) + 0.5) / BINS, counts, width=0.9 / BINS, color=MAIN)
    below.set(xlabel="confidence", ylabel="predictions", title="How often each confidence occurs", xlim=(0, 1))
    return figure
