"""Figures that set scores side by side."""

from collections.abc import Sequence

from matplotlib.figure import Figure

from proteinlab.stats.bootstrap import Interval
from proteinlab.training.evaluation.figures.style import MAIN, QUIET, panels


def scores(labels: Sequence[str], intervals: Sequence[Interval], name: str, title: str, level: float) -> Figure:
    """Scores as dots with their intervals, the first one, ours, in colour; from top to bottom."""
    figure, [axes] = panels(width=5.6, height=1.2 + 0.42 * len(labels))
    for row, one in enumerate(intervals):
        color = MAIN if row == 0 else QUIET
        axes.plot([one.low, one.high], [row, row], color=color, linewidth=2.0)
        axes.plot(one.value, row, "o", color=color, markersize=6)
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.set(xlabel=f"{name} with {level:.0%} interval", title=title)
    return figure


def by_bin(
    labels: Sequence[str], rows: Sequence[int], intervals: Sequence[Interval], name: str, level: float
) -> Figure:
    """Scores by relation to the training set."""
    figure, [axes] = panels(width=5.6)
    for place, one in enumerate(intervals):
        axes.plot([place, place], [one.low, one.high], color=MAIN, linewidth=2.0)
        axes.plot(place, one.value, "o", color=MAIN, markersize=6)
    ticks = [f"{label}\n{count:,} rows" for label, count in zip(labels, rows, strict=True)]
    axes.set_xticks(range(len(ticks)), ticks)
    axes.set_xlim(-0.5, len(ticks) - 0.5)
    axes.set(ylabel=f"{name} with {level:.0%} interval", title="By distance to the nearest training sequence")
    return figure
