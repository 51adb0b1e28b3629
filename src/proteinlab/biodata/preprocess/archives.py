"""Many files in one: a data set is uploaded as one file, so a folder of structures comes as an archive."""

import tarfile
import zipfile
from pathlib import Path

from proteinlab.biodata.errors import DataError


def unpacked(source: Path, folder: Path) -> Path:
    """`folder` with what was in the zip or tar archive `source` (tar also packed); `source` itself if it is none.

    Members that would leave the folder are refused (tar) or kept inside it (zip). Raises DataError bad_archive.
    """
    if source.is_dir():
        return source
    try:
        if zipfile.is_zipfile(source):
            with zipfile.ZipFile(source) as archive:
                archive.extractall(folder)  # noqa: S202 (of zip files it leaves out what leads away)
        elif tarfile.is_tarfile(source):
            with tarfile.open(source) as archive:
                archive.extractall(folder, filter="data")
        else:
            return source
    except (zipfile.BadZipFile, tarfile.TarError, EOFError, RuntimeError, NotImplementedError) as error:
        raise DataError(
            "bad_archive", f"'{source.name}' cannot be unpacked ({error}): pack it again, as zip."
        ) from error
    return folder
