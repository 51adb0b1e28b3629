"""The archive in which a snapshot travels: made the same everywhere, opened with distrust."""

import gzip
import hashlib
import os
import shutil
import tarfile
from collections.abc import Collection
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from proteinx.contracts.snapshot.tree import (
    MAX_FILE_BYTES,
    MAX_FILES,
    MAX_TOTAL_BYTES,
    SnapshotError,
    Tree,
    TreeFile,
    check_tree,
    digest,
    safe_path,
)

MAX_RATIO: Final = 200
_RATIO_FREE_BYTES: Final = 16 * 1024**2
_PROJECT_HEADER: Final = "proteinx.project_path"


def pack(tree: Tree, out: Path) -> None:
    """Writes the archive (tar.gz). Raises SnapshotError("changed") if a file changed since it was collected."""
    headers = {_PROJECT_HEADER: tree.project_path}
    with (
        out.open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0, compresslevel=6) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT, pax_headers=headers) as archive,
    ):
        for file in tree.files:
            content = file.source.read_bytes()
            if hashlib.sha256(content).hexdigest() != file.sha256:
                raise SnapshotError("changed", f"{file.path} changed while it was packed; try again.", file.path)
            member = tarfile.TarInfo(file.path)
            member.size = len(content)
            member.mode = 0o755 if file.executable else 0o644
            archive.addfile(member, BytesIO(content))


def unpack(archive: Path, dest: Path, expected: str) -> Tree:
    """Opens an archive into the new folder `dest` and proves that its content has the digest `expected`.

    Raises SnapshotError and leaves no `dest`: members that are no plain files, unsafe or doubled names, too much
    data, a digest that differs, no MLproject.
    """
    dest.mkdir(parents=True)
    try:
        tree = _extract(archive, dest)
        check_tree(tree)
        _check_digest(tree, expected)
    except BaseException:
        shutil.rmtree(dest)
        raise
    return tree


class _Bounded:
    """A reader that stops a decompression bomb: by bytes in all, and by bytes per compressed byte."""

    def __init__(self, stream: gzip.GzipFile, compressed: int) -> None:
        self._stream = stream
        overhead = MAX_FILES * 2048
        self._left = min(MAX_TOTAL_BYTES + overhead, max(_RATIO_FREE_BYTES, compressed * MAX_RATIO))

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(self._left + 1 if size < 0 else min(size, self._left + 1))
        self._left -= len(data)
        if self._left < 0:
            raise SnapshotError("too_large", "The archive unpacks to far more than its size allows.")
        return data


def _extract(archive: Path, dest: Path) -> Tree:
    files: dict[str, TreeFile] = {}
    try:
        with gzip.open(archive, "rb") as stream:
            bounded: Any = _Bounded(stream, archive.stat().st_size)  # tarfile needs `read` only in stream mode
            with tarfile.open(fileobj=bounded, mode="r|") as tar:
                for member in tar:
                    file = _write_member(tar, member, dest, taken=files)
                    files[file.path] = file
                project_path = tar.pax_headers.get(_PROJECT_HEADER, ".")
    except (tarfile.TarError, EOFError, OSError, ValueError) as error:
        if isinstance(error, SnapshotError):
            raise
        raise SnapshotError("bad_archive", f"The archive is damaged or no tar.gz: {error}") from error
    if project_path != ".":
        safe_path(project_path)
    return Tree(tuple(sorted(files.values(), key=lambda file: file.path)), project_path)


def _write_member(tar: tarfile.TarFile, member: tarfile.TarInfo, dest: Path, taken: Collection[str]) -> TreeFile:
    path = safe_path(member.name)
    if not member.isreg() or member.issparse():
        raise SnapshotError("bad_member", f"The member {path!r} is no plain file; links are not taken.", path)
    if path in taken:
        raise SnapshotError("bad_member", f"The member {path!r} is there twice.", path)
    if member.size > MAX_FILE_BYTES or len(taken) >= MAX_FILES:
        raise SnapshotError("file_too_large", f"The member {path!r} is over the limit of size or count.", path)
    source = tar.extractfile(member)
    assert source is not None  # noqa: S101  regular files always have content
    content = source.read()
    if len(content) != member.size:
        raise SnapshotError("bad_archive", f"The archive ends inside {path!r}.", path)
    target = dest / path
    target.parent.mkdir(parents=True, exist_ok=True)
    executable = bool(member.mode & 0o100)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    with os.fdopen(os.open(target, flags, 0o755 if executable else 0o644), "wb") as out:
        out.write(content)
    return TreeFile(path, target, len(content), executable, hashlib.sha256(content).hexdigest())


def _check_digest(tree: Tree, expected: str) -> None:
    if digest(tree) != expected:
        raise SnapshotError("digest_mismatch", "The archive's content has another digest than the one given.")
