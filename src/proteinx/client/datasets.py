"""Datasets: a file goes up once and becomes an immutable version."""

from pathlib import Path
from urllib.parse import quote

from pydantic import TypeAdapter

from proteinx.client.downloads import download
from proteinx.client.errors import TransferError
from proteinx.client.transport import Query, Transport, segment
from proteinx.client.uploads import Progress, upload
from proteinx.contracts.datasets import (
    CLEANED,
    Cleaned,
    ColumnNames,
    DatasetView,
    FileView,
    VersionCreate,
    VersionView,
)
from proteinx.contracts.pages import Page
from proteinx.contracts.paths import check_path

_CLEANING_SECONDS = 1800.0
"""The master begins to send when the copy is made: a minute for a few GB."""
_VERSIONS = TypeAdapter(list[VersionView])


class Datasets:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def page(self, *, limit: int = 100, cursor: str | None = None, search: str | None = None) -> Page[DatasetView]:
        query: Query = {"limit": limit, "cursor": cursor, "search": search}
        return self._transport.get("/api/datasets", Page[DatasetView], query)

    def get(self, name: str) -> DatasetView:
        return self._transport.get(_path(name), DatasetView)

    def versions(self, name: str) -> list[VersionView]:
        return self._transport.get(f"{_path(name)}/versions", _VERSIONS)

    def version(self, name: str, number: int) -> VersionView:
        return self._transport.get(f"{_path(name)}/versions/{number}", VersionView)

    def with_content(self, sha256: str) -> list[VersionView]:
        """All versions of exactly this content, the newest first."""
        return self._transport.get("/api/dataset-versions", _VERSIONS, {"sha256": sha256})

    def upload(
        self,
        name: str,
        path: Path,
        *,
        columns: ColumnNames | None = None,
        description: str = "",
        sha256: str | None = None,
        clean: bool = False,
        progress: Progress | None = None,
    ) -> VersionView:
        """Sends `path` and makes it the dataset's newest version; the dataset is made on first use.

        With `clean` a cleaned copy is kept in its place; the report's `cleaned` says what was dropped. Raises ApiError
        422 naming line and reason where the content is not what it should be: then nothing is kept.
        """
        sent = upload(self._transport, path, sha256=sha256, progress=progress)
        request = VersionCreate(
            upload_id=sent.id,
            filename=path.name,
            columns=columns or ColumnNames(),
            description=description,
            clean=clean,
        )
        return self._transport.post(f"{_path(name)}/versions", VersionView, request, again=True)

    def delete(self, name: str) -> None:
        self._transport.request("DELETE", _path(name))

    def download(self, version: VersionView, destination: Path, progress: Progress | None = None) -> None:
        """The version's only file, as `destination`; of one with several, that becomes a folder of them.

        Raises ApiError, TransferError; also where that folder is there already.
        """
        if len(version.files) == 1:
            self._download(version, version.files[0], destination, progress)
            return
        if destination.exists():
            raise TransferError(f"{destination} is there already; name another folder.")
        part = destination.with_name(f"{destination.name}.part")
        for file in version.files:
            target = part / check_path(file.path)
            if not target.exists():  # each is there only when whole
                self._download(version, file, target, progress)
        part.rename(destination)

    def _download(self, version: VersionView, file: FileView, target: Path, progress: Progress | None) -> None:
        url = f"{_version(version)}/files/{quote(file.path)}"
        download(self._transport, url, target, size=file.size, sha256=file.sha256, progress=progress)

    def download_cleaned(self, version: VersionView, destination: Path) -> Cleaned:
        """A cleaned copy of the version's file. Returns what was dropped, by rule and line."""
        headers = download(self._transport, f"{_version(version)}/cleaned", destination, timeout=_CLEANING_SECONDS)
        return Cleaned.model_validate_json(headers[CLEANED])


def _version(version: VersionView) -> str:
    return f"{_path(version.dataset)}/versions/{version.number}"


def _path(name: str) -> str:
    return f"/api/datasets/{segment(name)}"
