"""How all figures look."""

from contextlib import AbstractContextManager
from typing import Any, Final

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure

INK: Final = "#1f2937"
QUIET: Final = "#9ca3af"
MAIN: Final = "#2563eb"
SECOND: Final = "#d97706"
# Okabe and Ito (2008): told apart with any colour vision.
SERIES: Final = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#F0E442", "#000000")
MOST_SERIES: Final = len(SERIES)
# Names of classes may be Chinese; whichever of these is installed draws what DejaVu Sans lacks.
_CJK: Final = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "WenQuanYi Micro Hei",
    "Microsoft YaHei",
    "SimHei",
    "PingFang SC",
)


def styled() -> AbstractContextManager[None]:
    """Light, for screens and print. To be entered around drawing and saving."""
    installed = {font.name for font in font_manager.fontManager.ttflist}
    settings: dict[str, Any] = {
        "font.family": ["DejaVu Sans", *(name for name in _CJK if name in installed)],
        "font.size": 10,
        "text.color": INK,
        "axes.labelcolor": INK,
        "axes.edgecolor": QUIET,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.titlesize": 11,
        "axes.titlelocation": "left",
        "xtick.color": INK,
        "ytick.color": INK,
        "legend.frameon": False,
        "legend.fontsize": 9,
        "savefig.dpi": 150,
    }
    context: AbstractContextManager[None] = mpl.rc_context(settings)
    return context


def panels(count: int = 1, *, width: float = 4.8, height: float = 4.0) -> tuple[Figure, list[Axes]]:
    """A figure with axes side by side; no display is asked for."""
    figure = Figure(figsize=(width * count, height), layout="constrained")
    return figure, list(figure.subplots(1, count, squeeze=False)[0])
