"""The machine's NVIDIA GPUs through NVML. No driver is a normal state: a machine without GPUs."""

import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

import pynvml

from proteinx.contracts.nodes import GpuInfo, GpuSample
from worker.desktop import Desktop, GpuProcess

Value = TypeVar("Value")
log = logging.getLogger(__name__)


class Gpus:
    """Opens NVML once; without a driver it holds no GPUs."""

    def __init__(self, desktop: Desktop | None = None) -> None:
        """Processes that are the desktop's own keep no job away."""
        self._desktop = desktop or Desktop()
        self._handles: list[Any] = []
        try:
            pynvml.nvmlInit()
        except pynvml.NVMLError as error:
            log.info("no GPUs: %s", error, extra={"action": "no_gpus"})
            return
        self._handles = [pynvml.nvmlDeviceGetHandleByIndex(index) for index in range(pynvml.nvmlDeviceGetCount())]

    def info(self) -> list[GpuInfo]:
        return [
            GpuInfo(
                uuid=_text(pynvml.nvmlDeviceGetUUID(handle)),
                index=index,
                name=_text(pynvml.nvmlDeviceGetName(handle)),
                memory_bytes=int(pynvml.nvmlDeviceGetMemoryInfo(handle).total),
            )
            for index, handle in enumerate(self._handles)
        ]

    def driver(self) -> str | None:
        return _text(pynvml.nvmlSystemGetDriverVersion()) if self._handles else None

    def sample(self, is_ours: Callable[[int], bool]) -> list[GpuSample]:
        """`is_ours` tells whether a process belongs to an attempt of this node."""
        return [_sample(handle, is_ours, self._desktop) for handle in self._handles]


def _sample(handle: Any, is_ours: Callable[[int], bool], desktop: Desktop) -> GpuSample:
    found = [process for process in _processes(handle) if is_ours(process.pid) or not desktop.owns(process)]
    pids = sorted({process.pid for process in found})
    memory = _try(lambda: int(pynvml.nvmlDeviceGetMemoryInfo(handle).used))
    power = _try(lambda: int(pynvml.nvmlDeviceGetPowerUsage(handle)))
    return GpuSample(
        uuid=_text(pynvml.nvmlDeviceGetUUID(handle)),
        utilization=_try(lambda: float(pynvml.nvmlDeviceGetUtilizationRates(handle).gpu)),
        memory_used_bytes=memory,
        temperature_c=_try(lambda: float(pynvml.nvmlDeviceGetTemperature(handle, pynvml.NVML_TEMPERATURE_GPU))),
        power_w=None if power is None else power / 1000,
        pids=pids,
        foreign_pids=[pid for pid in pids if not is_ours(pid)],
    )


def _processes(handle: Any) -> list[GpuProcess]:
    """Those that compute; what only draws is not listed."""
    found: list[Any] = []
    with suppress(pynvml.NVMLError):  # some GPUs and containers don't tell
        found = list(pynvml.nvmlDeviceGetComputeRunningProcesses(handle))
    return [GpuProcess(int(one.pid), None if one.usedGpuMemory is None else int(one.usedGpuMemory)) for one in found]


def _try(ask: Callable[[], Value]) -> Value | None:
    """None for what this GPU does not measure."""
    try:
        return ask()
    except pynvml.NVMLError:
        return None


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value
