"""Projects and the snapshots of their code."""

from pathlib import Path

from pydantic import TypeAdapter

from proteinx.client.downloads import download
from proteinx.client.transport import Transport, segment
from proteinx.client.uploads import Progress, upload
from proteinx.contracts.projects import FormSchema, GitSource, ProjectView, SnapshotCreate, SnapshotView

_PROJECTS = TypeAdapter(list[ProjectView])
_SNAPSHOTS = TypeAdapter(list[SnapshotView])
_GIT_SECONDS = 330.0
"""A little more than the master gives git."""


class Projects:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def all(self) -> list[ProjectView]:
        return self._transport.get("/api/projects", _PROJECTS)

    def get(self, name: str) -> ProjectView:
        return self._transport.get(_path(name), ProjectView)

    def schema(self, name: str, entry_point: str = "main") -> FormSchema:
        return self._transport.get(f"{_path(name)}/schema", FormSchema, {"entry_point": entry_point})

    def snapshots(self, name: str) -> list[SnapshotView]:
        return self._transport.get(f"{_path(name)}/snapshots", _SNAPSHOTS)

    def add_snapshot(
        self,
        name: str,
        archive: Path,
        digest: str,
        *,
        source: dict[str, str] | None = None,
        progress: Progress | None = None,
    ) -> SnapshotView:
        """Sends an archive made by `proteinx.contracts.snapshot.pack`; it becomes the project's newest snapshot."""
        sent = upload(self._transport, archive, progress=progress)
        request = SnapshotCreate(upload_id=sent.id, digest=digest, source=source or {})
        return self._transport.post(f"{_path(name)}/snapshots", SnapshotView, request, again=True)

    def add_known(self, name: str, digest: str, *, source: dict[str, str] | None = None) -> SnapshotView:
        """A snapshot that the master has, without sending it. Raises ApiError 404 `unknown_snapshot`."""
        request = SnapshotCreate(digest=digest, source=source or {})
        return self._transport.post(f"{_path(name)}/snapshots", SnapshotView, request, again=True)

    def add_git(self, name: str, source: GitSource) -> SnapshotView:
        """The master fetches the code and pins its commit; it becomes the project's newest snapshot."""
        return self._transport.post(f"{_path(name)}/git", SnapshotView, source, again=True, timeout=_GIT_SECONDS)

    def download_snapshot(self, digest: str, destination: Path, progress: Progress | None = None) -> None:
        download(self._transport, f"/api/snapshots/{segment(digest)}", destination, progress=progress)


def _path(name: str) -> str:
    return f"/api/projects/{segment(name)}"
