"""What a worker's agent and its attempts say to the master. Every call here may be repeated."""

from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from proteinx.client.downloads import download
from proteinx.client.retry import Retry
from proteinx.client.transport import Transport, segment
from proteinx.client.uploads import Progress, upload
from proteinx.contracts.jobs import (
    ArtifactCommit,
    ArtifactView,
    CheckpointCommit,
    CheckpointView,
    Claim,
    Finish,
    InputFile,
    JobSpec,
    LogAck,
    Meeting,
    Ready,
    StateReport,
)
from proteinx.contracts.nodes import Heartbeat, HeartbeatReply, Register, RegisterReply
from proteinx.contracts.states import AttemptState
from proteinx.contracts.uploads import FileRef

_ARTIFACTS = TypeAdapter(list[ArtifactView])


class NodeClient:
    """The agent's own connection: a join token at first, the node's token from then on."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport

    def register(self, request: Register, *, retry: Retry | None = None) -> RegisterReply:
        return self.transport.post("/api/nodes/register", RegisterReply, request, again=True, retry=retry)

    def heartbeat(self, beat: Heartbeat, *, retry: Retry | None = None, timeout: float | None = None) -> HeartbeatReply:
        path = "/api/nodes/heartbeat"
        return self.transport.post(path, HeartbeatReply, beat, again=True, retry=retry, timeout=timeout)

    def claim(self, job_id: str, attempt: int, claim: Claim, *, retry: Retry | None = None) -> JobSpec:
        """Raises ApiError 409 or 410 when the attempt is not, or no longer, this node's."""
        return self.transport.post(f"{_attempt_path(job_id, attempt)}/claim", JobSpec, claim, again=True, retry=retry)


class AttemptClient:
    """One member of one attempt, with the attempt's own token. 410 from any call: fenced, stop and throw away."""

    def __init__(self, transport: Transport, job_id: str, attempt: int, rank: int = 0) -> None:
        self.transport = transport
        self.job_id = job_id
        self.attempt = attempt
        self.rank = rank

    def meet(self, ready: Ready) -> Meeting:
        return self.transport.post(f"{_attempt_path(self.job_id, self.attempt)}/rendezvous", Meeting, ready, again=True)

    def report(
        self,
        state: AttemptState,
        detail: dict[str, Any] | None = None,
        environment: dict[str, str] | None = None,
        *,
        retry: Retry | None = None,
    ) -> None:
        body = StateReport(rank=self.rank, state=state, detail=detail or {}, environment=environment or {})
        self.transport.request("POST", f"{self._path}/state", json=body, again=True, retry=retry)

    def finish(self, finish: Finish, *, retry: Retry | None = None) -> None:
        self.transport.request("POST", f"{self._path}/finish", json=finish, again=True, retry=retry)

    def append_log(self, offset: int, data: bytes, *, retry: Retry | None = None) -> int:
        """Sends `data` (at most LOG_CHUNK_LIMIT), whose first byte is the log's byte `offset`; returns the next offset.

        Raises ApiError `offset_gap` (409) if the master has less than `offset` bytes: ask `log_size` and go back.
        """
        reply = self.transport.request(
            "POST",
            f"/api/jobs/{segment(self.job_id)}/logs",
            body=data,
            query=self._query | {"offset": offset},
            headers={"Content-Type": "application/octet-stream"},
            again=True,
            retry=retry,
        )
        return LogAck.model_validate_json(reply.content).size

    def log_size(self, *, retry: Retry | None = None) -> int:
        """Bytes of this member's log that the master has: an append of nothing at 0 tells."""
        return self.append_log(0, b"", retry=retry)

    def upload(self, path: Path, name: str, *, sha256: str | None = None, progress: Progress | None = None) -> FileRef:
        """Sends a file's content and returns the reference that puts it at `name` in a manifest."""
        view = upload(self.transport, path, sha256=sha256, progress=progress)
        return FileRef(path=name, sha256=view.sha256, size=view.size)

    def commit_checkpoint(self, commit: CheckpointCommit) -> CheckpointView:
        path = f"/api/jobs/{segment(self.job_id)}/checkpoints"
        return self.transport.post(path, CheckpointView, commit, query=self._query, again=True)

    def commit_artifacts(self, files: list[FileRef]) -> list[ArtifactView]:
        path = f"/api/jobs/{segment(self.job_id)}/artifacts"
        return self.transport.post(path, _ARTIFACTS, ArtifactCommit(files=files), query=self._query, again=True)

    def fetch(self, file: InputFile, destination: Path, *, progress: Progress | None = None) -> None:
        """An input's or checkpoint's file, checked where the master knows its digest."""
        download(self.transport, file.url, destination, size=file.size, sha256=file.sha256, progress=progress)

    def fetch_snapshot(self, spec: JobSpec, destination: Path, *, progress: Progress | None = None) -> None:
        """The project's archive; `proteinx.contracts.snapshot.unpack` checks it against its digest."""
        download(self.transport, spec.snapshot_url, destination, size=spec.snapshot_size, progress=progress)

    @property
    def _path(self) -> str:
        return _attempt_path(self.job_id, self.attempt)

    @property
    def _query(self) -> dict[str, str | int | float | bool | None]:
        return {"attempt": self.attempt, "rank": self.rank}


def _attempt_path(job_id: str, attempt: int) -> str:
    return f"/api/jobs/{segment(job_id)}/attempts/{attempt}"
