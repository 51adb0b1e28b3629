"""Opens a project that comes as a zip file, with distrust: nothing leaves the folder, no links, within limits."""

import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from proteinx.contracts.mlproject import is_mlproject
from proteinx.contracts.paths import BadPathError, check_path
from proteinx.contracts.snapshot import MAX_FILE_BYTES, MAX_FILES, MAX_TOTAL_BYTES, SnapshotError


@contextmanager
def opened(archive: Path) -> Iterator[Path]:
    """The folder with MLproject: the archive's root, or the one folder that is there. Raises SnapshotError."""
    with TemporaryDirectory(prefix="proteinx-zip-") as temporary:
        root = Path(temporary)
        try:
            with zipfile.ZipFile(archive) as file:
                _extract(file, root)
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
            raise SnapshotError(
                "bad_archive", f"{archive.name} is damaged, encrypted or no zip file: {error}"
            ) from error
        yield _project(root, archive.name)


def _extract(file: zipfile.ZipFile, root: Path) -> None:
    members = [member for member in file.infolist() if not member.is_dir()]
    _check(members)
    left = MAX_TOTAL_BYTES
    for member in members:
        target = root / member.filename
        target.parent.mkdir(parents=True, exist_ok=True)
        with file.open(member) as source, target.open("xb") as out:
            while piece := source.read(min(1 << 20, left + 1)):
                left -= len(piece)
                if left < 0:
                    raise SnapshotError("too_large", "The archive unpacks to more than it says.", member.filename)
                out.write(piece)
        if member.external_attr >> 16 & 0o100:
            target.chmod(0o755)


def _check(members: list[zipfile.ZipInfo]) -> None:
    """Before a byte is written."""
    if len(members) > MAX_FILES or sum(member.file_size for member in members) > MAX_TOTAL_BYTES:
        raise SnapshotError(
            "too_large", f"The archive has {len(members)} files; the limits are {MAX_FILES} and 512 MiB."
        )
    seen: set[str] = set()
    for member in members:
        try:
            check_path(member.filename)
        except BadPathError as error:
            raise SnapshotError("bad_path", str(error), member.filename) from error
        kind = stat.S_IFMT(member.external_attr >> 16)
        if kind not in (0, stat.S_IFREG):
            raise SnapshotError(
                "bad_member", f"{member.filename!r} is a link or device; leave it out.", member.filename
            )
        if member.file_size > MAX_FILE_BYTES:
            raise SnapshotError("file_too_large", f"{member.filename} is over the limit of 25 MiB.", member.filename)
        if member.filename in seen:
            raise SnapshotError("bad_member", f"{member.filename!r} is there twice.", member.filename)
        seen.add(member.filename)


def _project(root: Path, name: str) -> Path:
    entries = sorted(root.iterdir())
    has_project = any(is_mlproject(path.name) and path.is_file() for path in entries)
    folders = [path for path in entries if path.is_dir() and path.name != "__MACOSX"]
    folder = folders[0] if not has_project and len(folders) == 1 else root
    if not any(is_mlproject(path.name) and path.is_file() for path in folder.iterdir()):
        raise SnapshotError("no_mlproject", f"There is no MLproject file in {name}; add one.")
    return folder
