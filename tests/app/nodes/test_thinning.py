"""History for charts: few points, each the mean of its time, gaps left open."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from app.nodes.thinning import thin
from proteinx.contracts.nodes import GpuSample, NodeHistoryPoint, NodeSample
from tests.app.lab import Lab

START = datetime(2026, 11, 24, tzinfo=UTC)


def point(minute: int, cpu: float, gpu: float | None = None) -> NodeHistoryPoint:
    gpus = [GpuSample(uuid="GPU-1", utilization=gpu, memory_used_bytes=int(cpu))]
    sample = NodeSample(cpu_percent=cpu, memory_used_bytes=1, disk_free_bytes=1, disk_total_bytes=2, gpus=gpus)
    return NodeHistoryPoint(at=START + timedelta(minutes=minute), sample=sample)


def test_few_points_stay_as_they_are() -> None:
    points = [point(minute, 1.0) for minute in range(10)]
    assert thin(points, 10) == points
    assert thin([], 10) == []


def test_many_become_means_in_order() -> None:
    thinned = thin([point(minute, float(minute), 100.0 if minute < 50 else None) for minute in range(100)], 10)
    assert len(thinned) == 10
    assert [one.at for one in thinned] == sorted(one.at for one in thinned)
    assert thinned[0].sample.cpu_percent == pytest.approx(4.5, abs=0.6)
    assert sum(one.sample.cpu_percent for one in thinned) / 10 == pytest.approx(49.5, abs=1)
    assert (thinned[0].sample.gpus[0].utilization, thinned[-1].sample.gpus[0].utilization) == (100.0, None)


def test_a_time_without_samples_stays_empty() -> None:
    thinned = thin([point(minute, 1.0) for minute in [*range(50), *range(500, 550)]], 20)
    assert len(thinned) < 20
    assert max(b.at - a.at for a, b in pairwise(thinned)) > timedelta(minutes=400)


def test_a_node_says_which_job_holds_which_gpu(lab: Lab) -> None:
    agent = lab.agent("gpu1", gpus=2)
    job = lab.submit(resources={"gpus": 1})
    lab.schedule()
    [node] = lab.as_("vera").get("/api/nodes").json()
    assert list(node["gpu_jobs"].values()) == [[job["id"]]]
    assert set(node["gpu_jobs"]) < {gpu.uuid for gpu in agent.gpus}
