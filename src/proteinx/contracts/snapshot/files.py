"""Which files of a project's tree belong to its snapshot: git's list where there is git, a walk elsewhere."""

import fnmatch
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Final

from proteinx.contracts.snapshot.tree import SnapshotError

DENIED: Final = (
    ".git",
    ".hg",
    ".svn",
    ".venv",
    "venv",
    ".tox",
    "node_modules",
    "__pycache__",
    ".*_cache",
    ".ipynb_checkpoints",
    "mlruns",
    "mlartifacts",
    "mlflow.db",
    "lightning_logs",
    ".DS_Store",
    "*.pyc",
    ".env*",
    ".netrc",
    ".pypirc",
    ".npmrc",
    ".aws",
    ".ssh",
    "*.pem",
    "*.key",
    "*.p12",
    "*.pfx",
    "id_rsa*",
    "id_dsa*",
    "id_ecdsa*",
    "id_ed25519*",
)
"""Never in a snapshot: caches, environments, results, and what tends to be secret. Each name of a path counts."""

DENIED_IN_WALK: Final = ("outputs", "multirun")
"""Results that Hydra leaves; with git, .gitignore decides on them."""


@dataclass(slots=True)
class Listing:
    files: dict[str, Path] = field(default_factory=dict)
    """Path relative to the root -> where its bytes are (elsewhere for a link)."""
    skipped: list[str] = field(default_factory=list)


def find(root: Path, include: list[str]) -> Listing:
    """Raises SnapshotError for links that lead out of the listing and submodules that are not checked out."""
    tracked = _git_files(root, include) if _in_git(root) else []
    names = tracked or list(_walk(root, include))  # a folder that git ignores as a whole is taken like one without git
    denied = DENIED if tracked else DENIED + DENIED_IN_WALK
    listing = Listing()
    links: dict[str, str] = {}
    for name in names:
        source = root / name
        if _is_denied(name, denied):
            listing.skipped.append(name)
        elif source.parent.resolve() != source.parent:
            continue  # git still lists what was here before a folder became a link
        elif source.is_symlink():
            links[name] = _link_target(root, name)
        elif source.is_file():
            listing.files[name] = source
        elif source.exists():
            raise SnapshotError("bad_file", f"{name} is neither a file nor a folder; leave it out.", name)
    listing.files |= _follow(links, listing.files)
    return listing


def _is_denied(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch.fnmatchcase(part, pattern) for part in PurePosixPath(name).parts for pattern in patterns)


def _link_target(root: Path, name: str) -> str:
    try:
        target = (root / name).resolve()
    except (OSError, RuntimeError) as error:
        raise SnapshotError("bad_link", f"{name} is a link that leads round in a circle; remove it.", name) from error
    if not target.is_relative_to(root):
        raise SnapshotError("bad_link", f"{name} is a link that leads out of the snapshot; copy the file in.", name)
    return target.relative_to(root).as_posix()


def _follow(links: dict[str, str], files: dict[str, Path]) -> dict[str, Path]:
    """Links become copies of files that are in the snapshot anyway, so a link can't pull anything else in."""
    copies: dict[str, Path] = {}
    for name, target in links.items():
        inside = {name + path.removeprefix(target): path for path in files if f"{path}/".startswith(f"{target}/")}
        if not inside:
            raise SnapshotError("bad_link", f"{name} is a link to {target}, which is not in the snapshot.", name)
        copies |= {copy: files[path] for copy, path in inside.items()}
    return copies


def _walk(root: Path, include: list[str]) -> Iterator[str]:
    for item in include:
        start = root / item
        if start.is_file() or start.is_symlink():
            yield item
            continue
        for folder, folders, files in os.walk(start):
            here = Path(folder)
            for name in sorted(folders):
                relative = (here / name).relative_to(root).as_posix()
                if (here / name).is_symlink():
                    yield relative
                elif _is_denied(name, DENIED + DENIED_IN_WALK):
                    folders.remove(name)
                    yield relative
            for name in files:
                yield (here / name).relative_to(root).as_posix()


def _git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes] | None:
    """None without git. The tree may belong to another user, so nothing of its own configuration may run."""
    git = shutil.which("git")
    if git is None:
        return None
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    safe = ["-c", "safe.directory=*", "-c", "core.fsmonitor=false", "-c", "core.quotePath=false"]
    return subprocess.run(
        [git, "-C", str(folder), *safe, *arguments], capture_output=True, env=environment, check=False
    )


def _in_git(folder: Path) -> bool:
    answer = _git(folder, "rev-parse", "--is-inside-work-tree")
    return answer is not None and answer.stdout.strip() == b"true"


def _git_files(root: Path, include: list[str]) -> list[str]:
    """Tracked files and those that are not ignored, as they are on disk now."""
    pathspec = [f":(literal){item}" for item in include]
    answer = _git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *pathspec)
    if answer is None or answer.returncode:
        detail = "git is gone" if answer is None else os.fsdecode(answer.stderr).strip()
        raise SnapshotError("git_failed", f"git could not list the project's files: {detail}")
    names: list[str] = []
    for raw in sorted(set(answer.stdout.split(b"\0")) - {b""}):
        name = os.fsdecode(raw).rstrip("/")
        path = root / name
        if path.is_dir() and not path.is_symlink():
            names += _nested(root, name)
        else:
            names.append(name)
    return names


def _nested(root: Path, name: str) -> list[str]:
    """A submodule, or a repository that lies in another one."""
    if (root / name / ".git").exists():
        return [f"{name}/{inner}" for inner in _git_files(root / name, ["."])]
    if any((root / name).iterdir()):
        return []  # git names a folder of which it ignores everything
    raise SnapshotError("empty_submodule", f"{name} is not checked out: run git submodule update --init.", name)
