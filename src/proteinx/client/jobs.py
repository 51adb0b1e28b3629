"""Jobs: make, watch, end them, and fetch what they left."""

import uuid
from collections.abc import Iterator
from pathlib import Path

from pydantic import TypeAdapter

from proteinx.client import references
from proteinx.client.downloads import download
from proteinx.client.transport import Query, Transport, parse, segment
from proteinx.client.uploads import Progress
from proteinx.contracts.jobs import (
    ArtifactView,
    CheckpointView,
    Explain,
    Fingerprint,
    JobCheck,
    JobCreate,
    JobDetail,
    JobEvent,
    JobView,
)
from proteinx.contracts.pages import Page

_EVENTS = TypeAdapter(list[JobEvent])
_ARTIFACTS = TypeAdapter(list[ArtifactView])
_CHECKPOINTS = TypeAdapter(list[CheckpointView])


class LogPiece:
    """Part of one attempt's log, by byte offset."""

    __slots__ = ("attempt", "data", "offset", "size")

    def __init__(self, attempt: int, offset: int, data: bytes, size: int) -> None:
        self.attempt = attempt
        self.offset = offset
        self.data = data
        self.size = size
        """Bytes of the whole log so far."""


class Jobs:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(self, request: JobCreate) -> JobView:
        """Repeated safely: without an idempotency key it gets one."""
        keyed = request if request.idempotency_key else request.model_copy(update={"idempotency_key": uuid.uuid4().hex})
        return self._transport.post("/api/jobs", JobView, keyed, again=True)

    def page(self, *, limit: int = 50, cursor: str | None = None, **filters: str | bool | None) -> Page[JobView]:
        """`filters`: state, owner, project, experiment, node, parent_run, search (part of the name), trashed."""
        query: Query = {"limit": limit, "cursor": cursor, **filters}
        return self._transport.get("/api/jobs", Page[JobView], query)

    def check(self, request: JobCreate) -> JobCheck:
        """What `create` would make of it, without making it. Raises ApiError as `create` does."""
        return self._transport.post("/api/jobs/check", JobCheck, request, again=True)

    def get(self, job_id: str) -> JobDetail:
        return self._transport.get(_path(job_id), JobDetail)

    def resolve(self, reference: str) -> str:
        """A job's id from its id, the beginning of it, or its name. Raises LookupError with what to do."""
        return references.resolve(reference, lambda: self.page(limit=500).items, kind="job", listed_by="px jobs")

    def cancel(self, job_id: str) -> JobView:
        return self._transport.post(f"{_path(job_id)}/cancel", JobView, again=True)

    def release(self, job_id: str) -> JobView:
        return self._transport.post(f"{_path(job_id)}/release", JobView, again=True)

    def retry(self, job_id: str) -> JobView:
        return self._transport.post(f"{_path(job_id)}/retry", JobView)

    def trash(self, job_id: str) -> JobView:
        """An ended job, with its run; `restore` takes it back while its files are there."""
        return parse(JobView, self._transport.request("DELETE", _path(job_id)))

    def restore(self, job_id: str) -> JobView:
        return self._transport.post(f"{_path(job_id)}/restore", JobView, again=True)

    def clone(self, job_id: str) -> JobCreate:
        """A draft of the same job, to be changed and created."""
        return self._transport.post(f"{_path(job_id)}/clone", JobCreate, again=True)

    def events(self, job_id: str) -> list[JobEvent]:
        return self._transport.get(f"{_path(job_id)}/events", _EVENTS)

    def explain(self, job_id: str) -> Explain:
        return self._transport.get(f"{_path(job_id)}/explain", Explain)

    def log(
        self,
        job_id: str,
        *,
        attempt: int | None = None,
        rank: int = 0,
        offset: int = 0,
        limit: int | None = None,
        tail: int | None = None,
        search: str | None = None,
    ) -> LogPiece:
        """The log's bytes from `offset`; or its last `tail` lines; or the lines that contain `search`."""
        query: Query = {
            "attempt": attempt,
            "rank": rank,
            "offset": None if tail or search else offset,
            "limit": limit,
            "tail": tail,
            "search": search,
        }
        reply = self._transport.request("GET", f"{_path(job_id)}/logs", query=query)
        size = int(reply.headers.get("X-Log-Size", offset + len(reply.content)))
        return LogPiece(int(reply.headers.get("X-Log-Attempt", attempt or 0)), offset, reply.content, size)

    def whole_log(self, job_id: str, *, attempt: int | None = None, rank: int = 0) -> Iterator[bytes]:
        """All of one attempt's log as it is now, piece by piece."""
        piece = self.log(job_id, attempt=attempt, rank=rank)
        while piece.data:
            yield piece.data
            offset = piece.offset + len(piece.data)
            piece = self.log(job_id, attempt=piece.attempt or attempt, rank=rank, offset=offset)

    def artifacts(self, job_id: str) -> list[ArtifactView]:
        return self._transport.get(f"{_path(job_id)}/artifacts", _ARTIFACTS)

    def download_artifact(
        self, job_id: str, artifact: ArtifactView, destination: Path, progress: Progress | None = None
    ) -> None:
        url = f"{_path(job_id)}/artifacts/{'/'.join(segment(part) for part in artifact.path.split('/'))}"
        download(self._transport, url, destination, size=artifact.size, sha256=artifact.sha256, progress=progress)

    def fingerprint(self, job_id: str) -> Fingerprint:
        """Digests of all that it left; the master reads what it has no digest of."""
        return self._transport.get(f"{_path(job_id)}/fingerprint", Fingerprint)

    def checkpoints(self, job_id: str) -> list[CheckpointView]:
        return self._transport.get(f"{_path(job_id)}/checkpoints", _CHECKPOINTS)


def _path(job_id: str) -> str:
    return f"/api/jobs/{segment(job_id)}"
