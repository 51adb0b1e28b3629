"""Which processes on a GPU are a desktop's own and keep no job away: a workstation's GPU draws its screen too."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class GpuProcess:
    pid: int
    memory_bytes: int | None
    """None where the driver does not tell."""


@dataclass(frozen=True, slots=True)
class Desktop:
    names: frozenset[str] = frozenset()
    """Names of programs, as `ps -o comm` shows them: the first 15 letters."""
    memory_bytes: int = 0
    """Who holds less than this counts as no stranger."""

    @classmethod
    def of(cls, names: Collection[str], memory_bytes: int) -> "Desktop":
        return cls(frozenset(name[:15] for name in names), memory_bytes)

    def owns(self, process: GpuProcess) -> bool:
        if process.memory_bytes is not None and process.memory_bytes < self.memory_bytes:
            return True
        return bool(self.names) and _name(process.pid) in self.names


def _name(pid: int) -> str | None:
    try:
        return Path(f"/proc/{pid}/comm").read_text(errors="replace").strip()
    except OSError:  # it has ended, or this is another's namespace
        return None
