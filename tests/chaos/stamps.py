"""What the jobs themselves wrote down outside the platform: who was at which step when."""

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(slots=True)
class Life:
    """One member of one attempt, by the machine's monotonic clock."""

    began: float
    last: float = 0.0
    step: int = -1
    """The last one that it took."""
    saves: list[tuple[float, int]] = field(default_factory=list)


def read(folder: Path, job_id: str, rank: int) -> dict[int, Life]:
    """Attempt -> life. An attempt that wrote nothing is not there."""
    lives: dict[int, Life] = {}
    path = folder / f"{job_id}.{rank}"
    if not path.exists():
        return lives
    for row in path.read_text().splitlines():
        number, what, step, at, _ = row.split()
        life = lives.setdefault(int(number), Life(float(at)))
        life.last = max(life.last, float(at))
        if what == "step":
            life.step = max(life.step, int(step))
        elif what == "save":
            life.saves.append((float(at), int(step)))
    return lives


def doubled(folder: Path, job_id: str, rank: int) -> list[int]:
    """Attempts that were begun by more than one process."""
    path = folder / f"{job_id}.{rank}"
    begun: dict[int, int] = defaultdict(int)
    for row in path.read_text().splitlines() if path.exists() else ():
        number, what, *_ = row.split()
        begun[int(number)] += what == "begin"
    return [number for number, count in begun.items() if count > 1]
