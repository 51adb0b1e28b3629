"""GPUs through the real NVML binding, over a stand-in for the driver's library."""

import ctypes
import os
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pynvml
import pytest

from worker import gpu_locks
from worker.desktop import Desktop, GpuProcess
from worker.gpus import Gpus

GIB = 1024**3
_DEVICES = [
    {"uuid": b"GPU-aaaa", "name": b"NVIDIA A100", "total": 80 * GIB, "used": 3 * GIB, "pids": [11, 22, 22]},
    {"uuid": b"GPU-bbbb", "name": b"NVIDIA RTX 4090", "total": 24 * GIB, "used": 0, "pids": []},
]


def _put(pointer: Any, kind: Any, value: Any) -> int:
    ctypes.cast(pointer, ctypes.POINTER(kind))[0] = value
    return 0


def _index(handle: Any) -> int:
    return (ctypes.cast(handle, ctypes.c_void_p).value or 0) - 1


class _Library:
    """Answers as libnvidia-ml does: status codes, results through pointers."""

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)

    nvmlInitWithFlags = staticmethod(lambda flags: 0)  # noqa: N815  the library's name
    nvmlDeviceGetCount_v2 = staticmethod(  # noqa: N815
        lambda out: _put(out, ctypes.c_uint, len(_DEVICES))
    )

    @staticmethod
    def nvmlDeviceGetHandleByIndex_v2(index: Any, out: Any) -> int:
        return _put(out, ctypes.c_void_p, index.value + 1)

    @staticmethod
    def nvmlDeviceGetUUID(handle: Any, buffer: Any, size: Any) -> int:
        buffer.value = _DEVICES[_index(handle)]["uuid"]
        return 0

    @staticmethod
    def nvmlDeviceGetName(handle: Any, buffer: Any, size: Any) -> int:
        buffer.value = _DEVICES[_index(handle)]["name"]
        return 0

    @staticmethod
    def nvmlDeviceGetMemoryInfo(handle: Any, out: Any) -> int:
        device = _DEVICES[_index(handle)]
        info = ctypes.cast(out, ctypes.POINTER(pynvml.c_nvmlMemory_t))[0]
        info.total, info.used = device["total"], device["used"]
        return 0

    @staticmethod
    def nvmlDeviceGetUtilizationRates(handle: Any, out: Any) -> int:
        ctypes.cast(out, ctypes.POINTER(pynvml.c_nvmlUtilization_t))[0].gpu = 73
        return 0

    @staticmethod
    def nvmlDeviceGetTemperature(handle: Any, sensor: Any, out: Any) -> int:
        return _put(out, ctypes.c_uint, 61)

    @staticmethod
    def nvmlDeviceGetPowerUsage(handle: Any, out: Any) -> int:
        return int(pynvml.NVML_ERROR_NOT_SUPPORTED)

    @staticmethod
    def nvmlSystemGetDriverVersion(buffer: Any, size: Any) -> int:
        buffer.value = b"580.1"
        return 0

    @staticmethod
    def nvmlDeviceGetComputeRunningProcesses_v3(handle: Any, count: Any, out: Any) -> int:
        pids = _DEVICES[_index(handle)]["pids"]
        room = ctypes.cast(count, ctypes.POINTER(ctypes.c_uint))
        if not pids:
            room[0] = 0
            return 0
        if out is None:
            room[0] = len(pids)
            return int(pynvml.NVML_ERROR_INSUFFICIENT_SIZE)
        for place, pid in zip(out, pids, strict=False):
            place.pid, place.usedGpuMemory = pid, 100 * 1024**2
        room[0] = len(pids)
        return 0


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    loaded = SimpleNamespace(names=[])

    def load(name: str) -> _Library:
        loaded.names.append(name)
        return _Library()

    monkeypatch.setattr(pynvml, "CDLL", load)
    monkeypatch.setattr(pynvml, "nvmlLib", None)
    monkeypatch.setattr(pynvml, "_nvmlGetFunctionPointer_cache", {})
    yield loaded


def test_gpus_are_described_and_sampled(driver: SimpleNamespace) -> None:
    gpus = Gpus()
    assert driver.names == ["libnvidia-ml.so.1"]
    assert [(gpu.uuid, gpu.index, gpu.name, gpu.memory_bytes) for gpu in gpus.info()] == [
        ("GPU-aaaa", 0, "NVIDIA A100", 80 * GIB),
        ("GPU-bbbb", 1, "NVIDIA RTX 4090", 24 * GIB),
    ]
    first, second = gpus.sample(lambda pid: pid == 11)
    assert (first.pids, first.foreign_pids) == ([11, 22], [22])
    assert (first.utilization, first.temperature_c, first.memory_used_bytes) == (73.0, 61.0, 3 * GIB)
    assert first.power_w is None  # this GPU does not measure it
    assert second.pids == second.foreign_pids == []
    assert gpus.driver() == "580.1"


def test_the_desktops_own_processes_keep_no_job_away(driver: SimpleNamespace) -> None:
    me = Path("/proc/self/comm").read_text().strip()
    other = GpuProcess(os.getpid(), 300 * 1024**2)
    assert Desktop.of([me], 0).owns(other)
    assert not Desktop.of(["Xorg"], 0).owns(other)
    assert Desktop.of([], 512 * 1024**2).owns(other)
    assert not Desktop.of([], 512 * 1024**2).owns(GpuProcess(os.getpid(), None)), "the driver does not tell"
    assert not Desktop.of(["Xorg"], 0).owns(GpuProcess(2**22 + 1, None)), "it has ended"
    first, _ = Gpus(Desktop.of([], GIB)).sample(lambda pid: pid == 11)
    assert (first.pids, first.foreign_pids) == ([11], []), "22 holds next to nothing; 11 is ours whatever it holds"


def test_no_driver_is_a_machine_without_gpus(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise OSError(f"{name}: cannot open shared object file")

    monkeypatch.setattr(pynvml, "CDLL", missing)
    monkeypatch.setattr(pynvml, "nvmlLib", None)
    monkeypatch.setattr(pynvml, "_nvmlGetFunctionPointer_cache", {})
    gpus = Gpus()
    assert gpus.info() == [] and gpus.sample(lambda _: True) == [] and gpus.driver() is None


def test_a_gpu_is_one_attempt_s_alone_unless_both_share(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gpu_locks, "folder", lambda: tmp_path)
    assert gpu_locks.take(["GPU-x"], shared=False) is None
    problem = gpu_locks.take(["GPU-x"], shared=False, wait=0.0)
    assert problem is not None and "GPU-x" in problem
    assert gpu_locks.take(["GPU-y"], shared=True) is None
    assert gpu_locks.take(["GPU-y"], shared=True, wait=0.0) is None
