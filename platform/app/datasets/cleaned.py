"""A cleaned copy of a dataset's file, made when it is asked for and never kept."""

import json
import shutil
import tempfile
from pathlib import Path

from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response

from app.datasets import queries
from app.datasets.check import clean_file
from app.errors import NoSpace, Unprocessable
from app.master import Master
from app.models import DatasetVersion
from app.storage.downloads import SAFE, disposition
from app.storage.local import space_checked
from proteinx.contracts.datasets import CLEANED, ColumnNames
from proteinx.contracts.phrases import say


def download(master: Master, name: str, number: int) -> Response:
    """Raises NotFound, Unprocessable for what is not cleaned, NoSpace."""
    with master.db.read() as session:
        _, version = queries.require(session, name, number)
    if len(version.files) != 1:
        raise Unprocessable(
            "not_cleaned", f"{name}@{number} has {len(version.files)} files; only single ones are cleaned."
        )
    if master.storage.free_bytes() < 3 * version.size:
        raise NoSpace("no_space", say("copy_no_space"))
    scratch = master.storage.require() / "uploads"
    scratch.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=scratch, prefix=".cleaned-"))
    try:
        return _respond(master, version, folder)
    except BaseException:
        shutil.rmtree(folder)
        raise


def _respond(master: Master, version: DatasetVersion, folder: Path) -> Response:
    source, out = folder / "data", folder / f"cleaned-{version.filename}"
    with space_checked(), source.open("wb") as file:
        for chunk in master.storage.read(version.files[0]["key"]):
            file.write(chunk)
    done = clean_file(source, version.filename, ColumnNames.model_validate(version.columns), out)
    source.unlink()
    return FileResponse(
        out,
        media_type="application/octet-stream",
        headers={**SAFE, "Content-Disposition": disposition(out.name), CLEANED: json.dumps(done)},
        background=BackgroundTask(shutil.rmtree, folder),
    )
