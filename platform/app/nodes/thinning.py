"""Fewer samples than were kept, each the mean of its stretch of time: a week's chart costs what an hour's does."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from statistics import fmean
from typing import TypeVar

from proteinx.contracts.nodes import GpuSample, NodeHistoryPoint, NodeSample

_Item = TypeVar("_Item")


def thin(points: Sequence[NodeHistoryPoint], most: int) -> list[NodeHistoryPoint]:
    """At most `most` points, in order. Times without samples stay empty: a gap is news."""
    if len(points) <= most:
        return list(points)
    begin = points[0].at
    width = (points[-1].at - begin) / most or timedelta(seconds=1)
    stretches: dict[int, list[NodeHistoryPoint]] = {}
    for point in points:
        stretches.setdefault(min(most - 1, int((point.at - begin) / width)), []).append(point)
    return [_mean(stretch) for _, stretch in sorted(stretches.items())]


def _mean(points: Sequence[NodeHistoryPoint]) -> NodeHistoryPoint:
    samples = [point.sample for point in points]
    last = samples[-1]
    sample = last.model_copy(
        update={
            "cpu_percent": fmean(one.cpu_percent for one in samples),
            "memory_used_bytes": int(fmean(one.memory_used_bytes for one in samples)),
            "gpus": [_mean_gpu(gpu, samples) for gpu in last.gpus],
        }
    )
    return NodeHistoryPoint(at=_middle(points), sample=sample)


def _middle(points: Sequence[NodeHistoryPoint]) -> datetime:
    return points[0].at + (points[-1].at - points[0].at) / 2


def _mean_gpu(gpu: GpuSample, samples: Sequence[NodeSample]) -> GpuSample:
    same = [one for sample in samples for one in sample.gpus if one.uuid == gpu.uuid]
    memory = _mean_of(same, lambda one: one.memory_used_bytes)
    return gpu.model_copy(
        update={
            "utilization": _mean_of(same, lambda one: one.utilization),
            "memory_used_bytes": None if memory is None else int(memory),
            "temperature_c": _mean_of(same, lambda one: one.temperature_c),
            "power_w": _mean_of(same, lambda one: one.power_w),
        }
    )


def _mean_of(items: Sequence[_Item], value: Callable[[_Item], float | None]) -> float | None:
    known = [found for item in items if (found := value(item)) is not None]
    return fmean(known) if known else None
