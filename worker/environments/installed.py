"""Which versions of packages a job's code finds: what a repetition is pinned to."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Final

_DISTRIBUTION: Final = re.compile(r"(?P<name>[A-Za-z0-9._]+)-(?P<version>[^-]+)\.dist-info")
_PYTHON: Final = re.compile(r"^version(?:_info)?\s*=\s*(\d+\.\d+\.\d+)", re.MULTILINE)
_HARDWARE: Final = re.compile(r"nvidia-driver|gpu\d+")
_MOST: Final = 1000


def hardware(fingerprint: Mapping[str, str]) -> dict[str, str]:
    """A worker's fingerprint without its packages: those of a job are its own environment's."""
    return {name: version for name, version in fingerprint.items() if _HARDWARE.fullmatch(name)}


def in_worker(names: Iterable[str]) -> dict[str, str]:
    """Of these, what the worker's own environment has."""
    found = ((name, _version(name)) for name in names)
    return {name: version for name, version in found if version is not None}


@lru_cache(maxsize=1000)
def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def in_folder(prefix: Path) -> dict[str, str]:
    """All that is installed below an environment's folder, with its Python; by the names of folders, which is quick."""
    found = _python(prefix)
    sites = sorted(prefix.glob("lib/python3*/site-packages"))
    for info in sorted(path.name for site in sites for path in site.glob("*.dist-info"))[:_MOST]:
        if match := _DISTRIBUTION.fullmatch(info):
            found[re.sub(r"[_.]+", "-", match["name"]).lower()] = match["version"]
    return found


def _python(prefix: Path) -> dict[str, str]:
    """A venv notes it down; conda has a file that is named by it."""
    noted = prefix / "pyvenv.cfg"
    if noted.is_file() and (match := _PYTHON.search(noted.read_text(encoding="utf-8", errors="replace"))):
        return {"python": match[1]}
    of_conda = re.compile(r"python-(\d+\.\d+\.\d+)-.*\.json")
    names = (path.name for path in prefix.glob("conda-meta/python-3*.json"))
    return next(({"python": match[1]} for name in names if (match := of_conda.fullmatch(name))), {})
