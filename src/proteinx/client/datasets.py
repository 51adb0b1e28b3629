"""Datasets: a file goes up once and becomes an immutable version."""

from pathlib import Path

from pydantic import TypeAdapter

from proteinx.client.downloads import download
from proteinx.client.transport import Query, Transport, segment
from proteinx.client.uploads import Progress, upload
from proteinx.contracts.datasets import ColumnNames, DatasetView, VersionCreate, VersionView
from proteinx.contracts.pages import Page

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
        progress: Progress | None = None,
    ) -> VersionView:
        """Sends `path` and makes it the dataset's newest version; the dataset is made on first use.

        Raises ApiError 422 naming line and reason where the content is not what it should be: then nothing is kept.
        """
        sent = upload(self._transport, path, sha256=sha256, progress=progress)
        request = VersionCreate(
            upload_id=sent.id, filename=path.name, columns=columns or ColumnNames(), description=description
        )
        return self._transport.post(f"{_path(name)}/versions", VersionView, request, again=True)

    def delete(self, name: str) -> None:
        self._transport.request("DELETE", _path(name))

    def download(self, version: VersionView, destination: Path, progress: Progress | None = None) -> None:
        url = f"{_path(version.dataset)}/versions/{version.number}/files/{segment(version.filename)}"
        download(self._transport, url, destination, size=version.size, sha256=version.sha256, progress=progress)


def _path(name: str) -> str:
    return f"/api/datasets/{segment(name)}"
