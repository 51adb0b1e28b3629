"""Chooses a snapshot's files from a project's folder as it is on disk now."""

import hashlib
from pathlib import Path
from typing import Final

import yaml

from proteinx.contracts.snapshot import files
from proteinx.contracts.snapshot.tree import MAX_FILE_BYTES, SnapshotError, Tree, TreeFile, check_tree, safe_path

INCLUDE: Final = "snapshot.include"


def collect(project_dir: Path, *, within: Path | None = None) -> Tree:
    """The files that a snapshot of the project would hold now, uncommitted changes included.

    `within` is a folder that `snapshot.include` may not lead out of: needed where somebody else wrote it. Raises
    SnapshotError: no MLproject, a file over the limit, a link that leads out, an unsafe name.
    """
    project = project_dir.resolve()
    root, include = _scope(project)
    if within is not None and not root.is_relative_to(within.resolve()):
        raise SnapshotError("bad_include", f"The root in {INCLUDE} lies outside of what was given.", INCLUDE)
    listing = files.find(root, include)
    chosen = tuple(_tree_file(path, source) for path, source in sorted(listing.files.items()))
    tree = Tree(chosen, project.relative_to(root).as_posix(), tuple(listing.skipped))
    check_tree(tree)
    return tree


def _scope(project: Path) -> tuple[Path, list[str]]:
    """The root, and the paths below it to take: the project's own folder unless `snapshot.include` says otherwise."""
    path = project / INCLUDE
    if not path.is_file():
        return project, ["."]
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SnapshotError("bad_include", f"{INCLUDE} is not valid YAML: {error}", INCLUDE) from error
    include = document.get("include") if isinstance(document, dict) else None
    if not isinstance(include, list) or not all(isinstance(item, str) for item in include):
        raise SnapshotError("bad_include", f"{INCLUDE} needs `include:`, a list of paths below `root:`.", INCLUDE)
    root = (project / str(document.get("root", "."))).resolve()
    if not project.is_relative_to(root):
        raise SnapshotError("bad_include", f"The root in {INCLUDE} must contain the project's folder.", INCLUDE)
    wanted = [item.rstrip("/") for item in include]
    for item in wanted:
        if item != ".":
            safe_path(item)
        if not (root / item).exists():
            raise SnapshotError("bad_include", f"{INCLUDE} names {item}, which does not exist.", INCLUDE)
    return root, wanted


def _tree_file(path: str, source: Path) -> TreeFile:
    safe_path(path)
    status = source.stat()
    if status.st_size > MAX_FILE_BYTES:
        raise SnapshotError(
            "file_too_large",
            f"{path} has {status.st_size / 1024**2:.1f} MiB; a snapshot takes files up to {MAX_FILE_BYTES // 1024**2} "
            "MiB. Upload it as a dataset, or have .gitignore leave it out.",
            path,
        )
    content = source.read_bytes()
    executable = bool(status.st_mode & 0o100)
    return TreeFile(path, source, len(content), executable, hashlib.sha256(content).hexdigest())
