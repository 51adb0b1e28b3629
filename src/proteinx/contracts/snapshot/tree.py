"""What a snapshot is: its files, and the digest that names them."""

import hashlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from proteinx.contracts.mlproject import is_mlproject, is_script
from proteinx.contracts.paths import BadPathError, check_path

MAX_FILE_BYTES: Final = 25 * 1024**2
MAX_FILES: Final = 20_000
MAX_TOTAL_BYTES: Final = 512 * 1024**2


class SnapshotError(ValueError):
    """`code` is stable; `path` names the file at fault, where there is one."""

    def __init__(self, code: str, detail: str, path: str | None = None) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.path = path


@dataclass(frozen=True, slots=True)
class TreeFile:
    path: str
    """Relative to the snapshot's root, POSIX."""
    source: Path
    size: int
    executable: bool
    sha256: str


@dataclass(frozen=True, slots=True)
class Tree:
    files: tuple[TreeFile, ...]
    """Sorted by path."""
    project_path: str
    """Where the folder with MLproject lies below the root; `.` = the root itself."""
    skipped: tuple[str, ...] = ()
    """What the deny list left out."""

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files)

    def scripts(self) -> list[str]:
        """Files that MLflow would run as undeclared entry points, relative to the project."""
        prefix = "" if self.project_path == "." else f"{self.project_path}/"
        inside = (file.path.removeprefix(prefix) for file in self.files if file.path.startswith(prefix))
        return [path for path in inside if is_script(path)]


def digest(tree: Tree) -> str:
    """SHA-256 over where the project lies and each file's mode, content and path, in order of the paths."""
    lines = [f"project {tree.project_path}"]
    lines += [
        f"{'x' if file.executable else '-'} {file.sha256} {file.path}"
        for file in sorted(tree.files, key=lambda file: file.path)
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def check_tree(tree: Tree) -> None:
    if tree.size > MAX_TOTAL_BYTES or len(tree.files) > MAX_FILES:
        raise SnapshotError(
            "too_large",
            f"The snapshot has {len(tree.files)} files and {tree.size / 1024**2:.1f} MiB; "
            f"the limits are {MAX_FILES} files and {MAX_TOTAL_BYTES // 1024**2} MiB.",
        )
    folder = PurePosixPath(tree.project_path)
    if not any(
        is_mlproject(PurePosixPath(file.path).name) and PurePosixPath(file.path).parent == folder for file in tree.files
    ):
        raise SnapshotError("no_mlproject", "There is no MLproject file among the snapshot's files; add one.")


def safe_path(path: str) -> str:
    try:
        return check_path(path)
    except BadPathError as error:
        raise SnapshotError("bad_path", str(error), path) from error
