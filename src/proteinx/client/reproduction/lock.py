"""Which packages a job ran with: all of them where its code left a list, else those that its worker reports."""

import json
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import yaml

from proteinx.client.client import Client
from proteinx.contracts.jobs import JobDetail

LIST: Final = "environment.json"
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_NO_PACKAGE: Final = re.compile(r"python|nvidia-driver|gpu\d+")


def packages(master: Client, job: JobDetail) -> dict[str, str]:
    """Name -> version, sorted; local parts of versions (`+cu126`), which no index has, are left out."""
    found = _left(master, job) or (job.attempts[-1].environment if job.attempts else {})
    return {
        name: version.partition("+")[0]
        for name, version in sorted(found.items(), key=lambda item: item[0].lower())
        if not _NO_PACKAGE.fullmatch(name) and name.lower() not in ("proteinx", "pip", "setuptools", "wheel")
    }


def python_env(pinned: dict[str, str], project: Path) -> dict[str, Any]:
    """The project's own python_env.yaml with each package at the version that the job had."""
    known = {_plain(name): version for name, version in pinned.items()}
    path = project / "python_env.yaml"
    own: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else {}
    wanted = [item for item in own.get("dependencies") or [] if isinstance(item, str)] or list(pinned)
    lines = [_pin(item, known) for item in wanted]
    if not any(_plain(line) == "mlflow" for line in lines):
        lines.append(f"mlflow=={known['mlflow']}" if "mlflow" in known else "mlflow")
    return {**{key: own[key] for key in ("python",) if key in own}, "dependencies": lines}


def _pin(requirement: str, known: dict[str, str]) -> str:
    """`name[extra]>=1` at its version; what is not known stays as it is."""
    match = re.match(r"\s*([A-Za-z0-9._-]+)(\[[^\]]*\])?", requirement)
    if match is None or _plain(match[1]) not in known:
        return requirement
    return f"{match[1]}{match[2] or ''}=={known[_plain(match[1])]}"


def _plain(name: str) -> str:
    match = _NAME.match(name.strip())
    return re.sub(r"[-_.]+", "-", match[0]).lower() if match else ""


def _left(master: Client, job: JobDetail) -> dict[str, str]:
    artifact = next((one for one in master.jobs.artifacts(job.id) if one.path == LIST), None)
    if artifact is None:
        return {}
    with TemporaryDirectory(prefix="proteinx-") as folder:
        path = Path(folder) / LIST
        master.jobs.download_artifact(job.id, artifact, path)
        try:
            listed = json.loads(path.read_text(encoding="utf-8")).get("packages", {})
        except (ValueError, AttributeError):  # a file of this name that is something else
            return {}
    return {str(name): str(version) for name, version in listed.items()} if isinstance(listed, dict) else {}
