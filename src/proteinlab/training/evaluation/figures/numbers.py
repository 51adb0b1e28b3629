"""Figures of predicted numbers."""

import numpy as np
from matplotlib.figure import Figure

from proteinlab.stats.arrays import Array
from proteinlab.training.evaluation.figures.style import MAIN, QUIET, SECOND, panels

_MOST_DOTS = 3000  # above it a figure shows densities
_GROUPS = 8


def parity(answers: Array, truth: Array, title: str) -> Figure:
    """Predictions over targets; on the line they agree."""
    figure, [axes] = panels()
    ends = [float(min(answers.min(), truth.min())), float(max(answers.max(), truth.max()))]
    if len(truth) > _MOST_DOTS:
        axes.hexbin(truth, answers, gridsize=50, bins="log", cmap="Blues", linewidths=0.0, mincnt=1)
    else:
        axes.scatter(truth, answers, s=9, alpha=0.4, color=MAIN, linewidths=0.0)
    axes.plot(ends, ends, color=QUIET, linewidth=1.0)
    axes.set(xlabel="measured", ylabel="predicted", title=title)
    return figure


def residuals(errors: Array, by: Array, name: str) -> Figure:
    """Median and quartiles of predicted less measured, in groups of equal size by a quantity."""
    figure, [axes] = panels(width=5.6)
    edges = np.unique(np.quantile(by, np.linspace(0, 1, _GROUPS + 1)))
    group = np.clip(np.searchsorted(edges, by, side="right") - 1, 0, max(0, len(edges) - 2))
    numbers = np.unique(group)
    parts = [errors[group == number] for number in numbers]
    axes.boxplot(
        parts,
        showfliers=False,
        widths=0.6,
        patch_artist=True,
        boxprops={"facecolor": "#dbeafe", "edgecolor": MAIN},
        medianprops={"color": SECOND},
        whiskerprops={"color": QUIET},
        capprops={"color": QUIET},
    )
    labels = [_range(by[group == number]) for number in numbers]
    axes.set_xticks(range(1, len(labels) + 1), labels, rotation=30, ha="right")
    axes.axhline(0.0, color=QUIET, linewidth=1.0)
    axes.set(xlabel=name, ylabel="predicted less measured", title=f"Residuals by {name}")
    return figure


def _range(values: Array) -> str:
    low, high = values.min(), values.max()
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"
