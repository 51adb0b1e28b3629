"""Numeric labels: their spread, and values that stand apart from all others."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from proteinlab.biodata.findings import Finding, Marks, noted
from proteinlab.biodata.profile import Bin
from proteinlab.biodata.rowlog import RowLog

BINS = 20
# Values kept for quantiles (32 MB). Of more labels, every second (third, ...) is taken.
MOST_VALUES = 1 << 22
# Values beyond a gap stand apart if they are few, or all one number (a code for "not measured").
FEW = 0.01
FEW_OF_ONE = 0.2
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class NumberProfile:
    """`histogram` leaves out the values that stand apart."""

    min: float
    max: float
    mean: float
    std: float
    median: float
    q05: float
    q95: float
    histogram: list[Bin]


def profile_numbers(log: RowLog) -> tuple[NumberProfile, list[Finding]]:
    values = _sorted_values(log)
    low, high = _bounds(values)
    inside = values[(values >= low) & (values <= high)]
    counts, edges = np.histogram(inside, bins=BINS if inside[0] < inside[-1] else 1)
    bins = [
        Bin(float(start), float(stop), int(count))
        for start, stop, count in zip(edges[:-1], edges[1:], counts, strict=True)
    ]
    q05, median, q95 = (float(q) for q in np.quantile(values, (0.05, 0.5, 0.95)))
    mean, std = float(values.mean()), float(values.std())
    profile = NumberProfile(float(values[0]), float(values[-1]), mean, std, median, q05, q95, bins)
    return profile, [*_apart(log, inside), *_constant(values)]


def _sorted_values(log: RowLog) -> Floats:
    step = -(-log.rows // MOST_VALUES)
    kept: list[Floats] = []
    lowest, highest = np.inf, -np.inf
    for rows in log.chunks():
        values = rows["value"][~np.isnan(rows["value"])]
        if len(values):
            lowest, highest = min(lowest, values.min()), max(highest, values.max())
            kept.append(values[::step])
    ends = [np.array((lowest, highest))] if step > 1 else []
    result: Floats = np.sort(np.concatenate([*kept, *ends]))
    return result


def _bounds(values: Floats) -> tuple[float, float]:
    """The range outside of which values stand apart: behind a gap wider than the range of all the rest.

    A heavy but continuous tail, as fitness values have it, therefore never counts.
    """
    distinct, counts = np.unique(values, return_counts=True)
    if len(distinct) < 3:
        return float(distinct[0]), float(distinct[-1])
    below = np.cumsum(counts)
    high = _edge(distinct, below, len(values))
    low = -_edge(-distinct[::-1], np.cumsum(counts[::-1]), len(values))
    return low, high


def _edge(distinct: Floats, below: npt.NDArray[np.int64], total: int) -> float:
    """The last value, from below, before the gap that sets the top values apart."""
    gaps = np.diff(distinct)
    apart = total - below[:-1]
    one = np.arange(len(gaps)) == len(gaps) - 1
    few = (apart <= max(1, FEW * total)) | (one & (apart <= FEW_OF_ONE * total))
    # the rest may itself have values apart at the other end, so its range is taken from its 1st percentile
    floor = distinct[np.searchsorted(below, FEW * total)]
    wide = gaps > np.maximum(distinct[:-1] - floor, 0)
    inner = distinct[:-1] > floor
    places = np.flatnonzero(few & wide & inner)
    return float(distinct[places[0]]) if len(places) else float(distinct[-1])


def _apart(log: RowLog, inside: Floats) -> list[Finding]:
    low, high = inside[0], inside[-1]
    sentinels, outliers = Marks(), Marks()
    seen: set[float] = set()
    for rows in log.chunks():
        value = rows["value"]
        for row in rows[(value < low) | (value > high)]:
            is_code = _is_code(float(row["value"]))
            (sentinels if is_code else outliers).add([int(row["line"])])
            if is_code:
                seen.add(float(row["value"]))
    codes = ", ".join(f"{value:g}" for value in sorted(seen))
    span = {"low": f"{low:g}", "high": f"{high:g}"}
    return [
        *sentinels.finding(
            "sentinel_label",
            "warning",
            "{count} labels are {codes}, where the others lie between {low} and {high}: "
            "often a code for 'not measured'; remove them.",
            codes=codes,
            **span,
        ),
        *outliers.finding(
            "outlier_label",
            "warning",
            "{count} labels stand far apart: the others lie between {low} and {high}.",
            **span,
        ),
    ]


def _is_code(value: float) -> bool:
    """99, -999, 9999.0 ... and powers of ten from 1000 on."""
    digits = f"{abs(value):.12g}"
    return len(digits) > 1 and (set(digits) == {"9"} or (len(digits) > 3 and digits.strip("0") == "1"))


def _constant(values: Floats) -> list[Finding]:
    if values[0] < values[-1]:
        return []
    detail = "All labels are {value}: there is nothing to learn from them."
    return [noted("constant_target", "error", detail, len(values), value=f"{values[0]:g}")]
