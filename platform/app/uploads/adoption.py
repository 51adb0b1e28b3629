"""Puts uploaded content where a manifest wants it: several names may share one upload, and a repeat is harmless."""

import hashlib
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from app.errors import Unprocessable
from app.master import Master
from app.models import Upload
from app.storage.local import check_key, space_checked
from app.uploads import service as uploads
from proteinx.contracts.uploads import FileRef


@dataclass(frozen=True, slots=True)
class Adoption:
    """Files that are ready to be moved to their keys, and the uploads that are used up by it."""

    sources: Mapping[str, Path]
    uploads: tuple[Upload, ...]


def check_names(files: Iterable[FileRef]) -> None:
    """Raises Unprocessable for an unsafe or doubled path, and for one that is a file here and a folder there."""
    seen: set[str] = set()
    for file in files:
        if check_key(file.path) in seen:
            raise Unprocessable("bad_path", f"{file.path!r} is named twice.", field="files")
        seen.add(file.path)
    for path in seen:
        parts = path.split("/")
        folders = ("/".join(parts[:count]) for count in range(1, len(parts)))
        clash = next((folder for folder in folders if folder in seen), None)
        if clash:
            raise Unprocessable("bad_path", f"{clash!r} is a file and a folder.", field="files")


def prepare(session: Session, master: Master, owner: str, wanted: Mapping[str, FileRef]) -> Adoption:
    """Finds the content of each key. What a broken-off commit has already moved is left where it is.

    Reads only, but for copies where several keys want the same content. Raises Unprocessable("not_uploaded").
    """
    found = uploads.find_complete(session, owner, (file.sha256 for file in wanted.values()))
    sources: dict[str, Path] = {}
    taken: set[str] = set()
    for number, (key, file) in enumerate(wanted.items()):
        upload = found.get(file.sha256)
        if upload is None or upload.size != file.size:
            raise Unprocessable(
                "not_uploaded", f"The content of {file.path!r} is not uploaded; upload it, then commit.", field="files"
            )
        data = uploads.staging(master, upload).data
        if _is_there(master, key, file):
            continue
        sources[key] = _copy(data, number) if upload.id in taken else data
        taken.add(upload.id)
    return Adoption(sources, tuple(found.values()))


def finish(session: Session, master: Master, adoption: Adoption) -> None:
    """Moves the files, in the transaction that writes their rows."""
    uploads.use(session, master, adoption.uploads, adoption.sources)


def _is_there(master: Master, key: str, file: FileRef) -> bool:
    if master.storage.size(key) != file.size:
        return False
    digest = hashlib.sha256()
    for chunk in master.storage.read(key):
        digest.update(chunk)
    return digest.hexdigest() == file.sha256


def _copy(data: Path, number: int) -> Path:
    """A copy beside the upload, gone with it if it is not used."""
    copy = data.with_name(f"copy-{number}")
    with space_checked():
        shutil.copyfile(data, copy)
        with copy.open("rb+") as file:
            os.fsync(file.fileno())
    return copy
