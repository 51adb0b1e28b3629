"""An environment such as a notebook's: the built wheel and its dependencies without extras, nothing else.

Made offline, from what is installed here: each package of the closure is linked in, all others are not there.
"""

import subprocess
import sys
import venv
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]


def build_wheel(folder: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    [wheel] = folder.glob("*.whl")
    return wheel


def make(folder: Path, *extra: str) -> Path:
    """The environment's Python. `extra` packages come too, with all that they need."""
    wheel = build_wheel(folder)
    venv.create(folder / "venv", with_pip=False)
    site = next((folder / "venv" / "lib").glob("python3*")) / "site-packages"
    subprocess.run([sys.executable, "-m", "zipfile", "-e", str(wheel), str(site)], check=True)
    [info] = site.glob("proteinx-*.dist-info")
    needed = [Requirement(text) for text in metadata.PathDistribution(info).requires or []]
    roots = [one.name for one in needed if one.marker is None or one.marker.evaluate({"extra": ""})]
    for name in closure([*roots, *extra]):
        link(name, site)
    return folder / "venv" / "bin" / "python"


def closure(names: list[str]) -> set[str]:
    """These packages and all that they need."""
    found: set[tuple[str, str]] = set()
    waiting = [(name, "") for name in names]
    while waiting:
        name, extra = waiting.pop()
        name = canonicalize_name(name)
        if (name, extra) in found:
            continue
        found.add((name, extra))
        for requirement in map(Requirement, metadata.requires(name) or []):
            if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
                waiting += [(requirement.name, one) for one in ("", *requirement.extras)]
    return {name for name, _ in found}


def link(name: str, site: Path) -> None:
    distribution = metadata.distribution(name)
    places = {Path(str(file)).parts[0] for file in distribution.files or [] if not str(file).startswith("..")}
    for place in places - {"__pycache__"}:
        target = site / place
        source = Path(str(distribution.locate_file(place)))
        if not target.exists() and source.exists():
            target.symlink_to(source)
