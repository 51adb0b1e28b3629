"""A cgroup of its own for each attempt where the machine lets us: kills all at once, and tells of memory kills.

Standard library only. Without a writable cgroup v2 the process tree is ended by scanning alone.
"""

import logging
from dataclasses import dataclass
from pathlib import Path

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Cgroup:
    path: Path

    def enter(self) -> None:
        """Moves the calling process in; meant for the moment between fork and exec."""
        (self.path / "cgroup.procs").write_text("0")

    def kill(self) -> None:
        (self.path / "cgroup.kill").write_text("1")

    def memory_kills(self) -> int:
        """How often the kernel killed in it for want of memory; 0 where memory is not accounted for."""
        try:
            text = (self.path / "memory.events").read_text()
        except FileNotFoundError:
            return 0
        counts = dict(line.split() for line in text.splitlines())
        return int(counts.get("oom_kill", 0))

    def remove(self) -> None:
        try:
            self.path.rmdir()
        except FileNotFoundError:
            return
        except OSError as error:
            log.warning("the cgroup %s stays behind: %s", self.path, error, extra={"action": "cgroup_left"})


def make(name: str, memory: int) -> Cgroup | None:
    """One below this process's own, limited to `memory` bytes (0 = no limit); None where that can't be done."""
    parent = _own()
    if parent is None:
        return None
    path = parent / f"proteinx-{name}"
    try:
        path.mkdir(exist_ok=True)
        if not (path / "cgroup.kill").exists():
            path.rmdir()
            return None
        limit = path / "memory.max"
        if memory and limit.exists():
            limit.write_text(str(memory))
    except OSError as error:
        log.info("no cgroup for this attempt: %s", error, extra={"action": "no_cgroup"})
        return None
    return Cgroup(path)


def _own() -> Path | None:
    """Where this process is in the unified hierarchy."""
    mount = next(
        (line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines() if " - cgroup2 " in line),
        None,
    )
    place = next(
        (line[3:] for line in Path("/proc/self/cgroup").read_text().splitlines() if line.startswith("0::")), None
    )
    if mount is None or place is None:
        return None
    path = Path(mount) / place.lstrip("/")
    return path if path.is_dir() else None
