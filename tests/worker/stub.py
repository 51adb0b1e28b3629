"""A small master for the worker's tests: a real HTTP server with the real wire types, that can be told to misbehave."""

import hashlib
import json
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from proteinx.contracts.jobs import CheckpointSpec, InputFile, InputSpec, JobSpec, Resources
from proteinx.contracts.nodes import Assignment, Command, Heartbeat
from proteinx.contracts.snapshot import collect, digest, pack
from tests import waiting
from tests.ports import free_port

PART = 64 * 1024


def until(what: Callable[[], Any], seconds: float = waiting.PATIENCE) -> Any:
    """The first true value of `what`; fails the test when there is none in time."""
    return waiting.until(what, seconds, f"never came true: {what}")


@dataclass
class StubJob:
    job_id: str
    attempt: int
    spec: JobSpec
    dispatch_id: str
    placed: bool = True
    gone: bool = False
    claims: int = 0
    log: bytearray = field(default_factory=bytearray)
    states: list[str] = field(default_factory=list)
    details: dict[str, Any] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    finish: dict[str, Any] | None = None
    finishes: int = 0
    checkpoints: list[dict[str, Any]] = field(default_factory=list)
    artifacts: dict[str, bytes] = field(default_factory=dict)
    timeline: list[str] = field(default_factory=list)


class StubMaster:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.port = free_port()
        self.jobs: dict[tuple[str, int], StubJob] = {}
        self.metrics: list[dict[str, Any]] = []
        self.batches: list[dict[str, Any]] = []
        self.tags: list[tuple[str, str | None]] = []
        self.mlflow_calls: list[tuple[str, str]] = []
        self.mlflow_files: dict[str, bytes] = {}
        self.beats: list[Heartbeat] = []
        self.commands: list[Command] = []
        self.registered: list[dict[str, Any]] = []
        self.uploads: dict[str, dict[str, Any]] = {}
        self.served: list[tuple[str, str]] = []
        self.files: dict[str, bytes] = {}
        self.trouble: dict[str, list[Callable[[Request], Response | None]]] = {}
        self.after: dict[str, list[int]] = {}
        self.assign_by_heartbeat = True
        self.redis_url: str | None = None
        self.heartbeat_seconds = 0.1
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    # --- its life ---

    def start(self) -> None:
        app = Starlette(
            routes=[Route("/{path:path}", self._answer, methods=["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"])]
        )
        config = uvicorn.Config(app, host="127.0.0.1", port=self.port, log_level="error", lifespan="off", ws="none")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        until(lambda: self._server is not None and self._server.started)

    def stop(self) -> None:
        assert self._server is not None and self._thread is not None
        self._server.should_exit = True
        self._server.force_exit = True
        self._thread.join(waiting.PATIENCE)
        assert not self._thread.is_alive()

    # --- what tests arrange ---

    def snapshot(self, files: Mapping[str, str | bytes]) -> tuple[str, int]:
        folder = self.root / f"project-{secrets.token_hex(4)}"
        folder.mkdir()
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)
        tree = collect(folder)
        name = digest(tree)
        archive = self.root / f"{name}.tar.gz"
        pack(tree, archive)
        self.files[f"/api/snapshots/{name}"] = archive.read_bytes()
        return name, archive.stat().st_size

    def input(self, parameter: str, name: str, content: bytes) -> InputSpec:
        url = f"/api/inputs/{parameter}/{secrets.token_hex(4)}"
        self.files[url] = content
        file = InputFile(path=name, sha256=hashlib.sha256(content).hexdigest(), size=len(content), url=url)
        return InputSpec(parameter=parameter, kind="dataset", ref=f"{name}@1", files=[file], is_directory=False)

    def job(
        self,
        script: str = "print('hello')",
        *,
        job_id: str | None = None,
        attempt: int = 1,
        inputs: list[InputSpec] | None = None,
        checkpoint: dict[str, Any] | None = None,
        project: Mapping[str, str | bytes] | None = None,
        command: str = "python main.py",
        **changes: Any,
    ) -> StubJob:
        parameters = "".join(f"\n      {item.parameter}: path" for item in inputs or [])
        mlproject = f"name: t\nentry_points:\n  main:\n    parameters:{parameters or ' {}'}\n"
        mlproject += f"    command: {json.dumps(command)}\n"
        name, size = self.snapshot({"MLproject": mlproject, "main.py": script, **(project or {})})
        key = job_id or secrets.token_hex(16)
        fields: dict[str, Any] = {
            "job_id": key,
            "attempt": attempt,
            "rank": 0,
            "world_size": 1,
            "token": f"px_j_{secrets.token_hex(4)}_{secrets.token_hex(16)}",
            "project": "t",
            "snapshot": name,
            "snapshot_url": f"/api/snapshots/{name}",
            "snapshot_size": size,
            "entry_point": "main",
            "parameters": {},
            "overrides": [],
            "inputs": inputs or [],
            "checkpoint": self._checkpoint(checkpoint) if checkpoint else None,
            "resources": Resources(memory=0),
            "gpu_uuids": [],
            "experiment_id": "1",
            "time_limit": None,
            "grace": 2.0,
            "params_logged": True,
        }
        job = StubJob(key, attempt, JobSpec(**(fields | changes)), secrets.token_hex(8))
        self.jobs[key, attempt] = job
        return job

    def _checkpoint(self, checkpoint: dict[str, Any]) -> CheckpointSpec:
        files = []
        for name, content in checkpoint["files"].items():
            url = f"/api/checkpoint/{secrets.token_hex(4)}"
            self.files[url] = content
            sha256 = hashlib.sha256(content).hexdigest()
            files.append(InputFile(path=name, sha256=sha256, size=len(content), url=url))
        manifest = {"step": checkpoint["step"], "files": list(checkpoint["files"])}
        return CheckpointSpec(step=checkpoint["step"], manifest=manifest, files=files)

    def cancel(self, job: StubJob, kind: Any = "cancel") -> None:
        self.commands.append(Command(kind=kind, job_id=job.job_id, attempt=job.attempt, reason="asked by a test"))

    def once(self, kind: str, trouble: Callable[[Request], Response | None]) -> None:
        """The next request of this kind gets the trouble's answer (before anything is done)."""
        self.trouble.setdefault(kind, []).append(trouble)

    def lose_reply(self, kind: str) -> None:
        """The next request of this kind is done, and answered by 503."""
        self.after.setdefault(kind, []).append(503)

    def downloads(self, url: str) -> int:
        return sum(1 for method, path in self.served if method == "GET" and path == url)

    # --- HTTP ---

    async def _answer(self, request: Request) -> Response:
        path = request.url.path
        self.served.append((request.method, path))
        kind = _kind(request.method, path)
        waiting = self.trouble.get(kind)
        if waiting:
            reply = waiting.pop(0)(request)
            if reply is not None:
                return reply
        try:
            body = await request.body()
        except ClientDisconnect:
            return Response(status_code=400)  # nobody hears it
        reply = await getattr(self, f"_{kind}")(request, path, body)
        if self.after.get(kind):
            return JSONResponse({}, self.after[kind].pop(0))
        return reply

    async def _register(self, request: Request, path: str, body: bytes) -> Response:
        self.registered.append({"authorization": request.headers.get("authorization"), "body": body.decode()})
        token = None if request.headers["authorization"].startswith("Bearer px_n_") else "px_n_node_secret"
        return JSONResponse(
            {
                "node_id": "node1",
                "token": token,
                "redis_url": self.redis_url,
                "heartbeat_seconds": self.heartbeat_seconds,
                "server_time": datetime.now(UTC).isoformat(),
            }
        )

    async def _heartbeat(self, request: Request, path: str, body: bytes) -> Response:
        if request.headers.get("authorization") != "Bearer px_n_node_secret":
            return JSONResponse({"error": "unauthorized", "detail": "no"}, 401)
        self.beats.append(Heartbeat.model_validate_json(body))
        here = {(member.job_id, member.attempt) for member in self.beats[-1].members}
        assignments = [
            Assignment(job_id=job.job_id, attempt=job.attempt, rank=0, dispatch_id=job.dispatch_id)
            for job in list(self.jobs.values())
            if job.placed and not job.claims and job.finish is None
        ]
        commands = [command for command in self.commands if (command.job_id, command.attempt) in here]
        return JSONResponse(
            {
                "assignments": [item.model_dump() for item in assignments] if self.assign_by_heartbeat else [],
                "commands": [item.model_dump() for item in commands],
                "server_time": datetime.now(UTC).isoformat(),
                "heartbeat_seconds": self.heartbeat_seconds,
            }
        )

    def _job_of(self, path: str, request: Request) -> StubJob | Response:
        parts = path.split("/")
        attempt = int(parts[5]) if len(parts) > 5 and parts[4] == "attempts" else int(request.query_params["attempt"])
        job = self.jobs.get((parts[3], attempt))
        if job is None or job.gone:
            return JSONResponse({"error": "gone", "detail": "this attempt is over"}, 410)
        if not path.endswith("/claim") and request.headers.get("authorization") != f"Bearer {job.spec.token}":
            return JSONResponse({"error": "unauthorized", "detail": "no"}, 401)
        return job

    async def _claim(self, request: Request, path: str, body: bytes) -> Response:
        job = self._job_of(path, request)
        if isinstance(job, Response):
            return job
        if (await request.json())["dispatch_id"] != job.dispatch_id:
            return JSONResponse({"error": "gone", "detail": "stale"}, 410)
        job.claims += 1
        return Response(job.spec.model_dump_json(), media_type="application/json")

    async def _state(self, request: Request, path: str, body: bytes) -> Response:
        job = self._job_of(path, request)
        if isinstance(job, Response):
            return job
        report = await request.json()
        state = report["state"]
        job.details |= report.get("detail", {})
        job.environment |= report.get("environment", {})
        if not job.states or job.states[-1] != state:
            job.states.append(state)
        return Response(status_code=204)

    async def _finish(self, request: Request, path: str, body: bytes) -> Response:
        job = self._job_of(path, request)
        if isinstance(job, Response):
            return job
        job.finishes += 1
        end = await request.json()
        job.details |= end.get("detail", {})
        job.environment |= end.get("environment", {})
        job.finish = job.finish or end
        return Response(status_code=204)

    async def _log(self, request: Request, path: str, body: bytes) -> Response:
        job = self._job_of(path, request)
        if isinstance(job, Response):
            return job
        offset = int(request.query_params["offset"])
        if offset > len(job.log):
            return JSONResponse({"error": "offset_gap", "detail": "gap"}, 409)
        overlap = len(job.log) - offset
        assert bytes(job.log[offset : offset + len(body)]) == body[:overlap], "the log was rewritten"
        job.log += body[overlap:]
        return JSONResponse({"size": len(job.log)})

    async def _upload_open(self, request: Request, path: str, body: bytes) -> Response:
        opened = await request.json()
        known = next((u for u in self.uploads.values() if u["sha256"] == opened["sha256"]), None)
        if known is None:
            known = {"id": secrets.token_hex(4), **opened, "parts": {}, "complete": False}
            self.uploads[known["id"]] = known
        return JSONResponse(_view(known))

    async def _upload_part(self, request: Request, path: str, body: bytes) -> Response:
        upload = self.uploads[path.split("/")[3]]
        if hashlib.sha256(body).hexdigest() != request.headers["X-Content-SHA256"]:
            return JSONResponse({"error": "wrong_hash", "detail": "part"}, 422)
        upload["parts"][int(path.split("/")[5])] = body
        return JSONResponse(_view(upload))

    async def _upload_complete(self, request: Request, path: str, body: bytes) -> Response:
        upload = self.uploads[path.split("/")[3]]
        content = b"".join(upload["parts"][number] for number in sorted(upload["parts"]))
        if hashlib.sha256(content).hexdigest() != upload["sha256"]:
            return JSONResponse({"error": "wrong_hash", "detail": "whole"}, 422)
        upload["complete"] = True
        upload["content"] = content
        return JSONResponse(_view(upload))

    def _content(self, file: dict[str, Any]) -> bytes:
        found = next(u for u in self.uploads.values() if u["sha256"] == file["sha256"] and u["complete"])
        content: bytes = found["content"]
        return content

    async def _checkpoints(self, request: Request, path: str, body: bytes) -> Response:
        job = self._job_of(path, request)
        if isinstance(job, Response):
            return job
        commit = await request.json()
        commit["content"] = {file["path"]: self._content(file) for file in commit["files"]}
        commit["metrics_before"] = len(self.metrics)
        job.checkpoints.append(commit)
        now = datetime.now(UTC).isoformat()
        view = {"step": commit["step"], "attempt": job.attempt, "best": False, "size": 0, "created_at": now}
        return JSONResponse(view | {"manifest": commit["manifest"]})

    async def _artifacts(self, request: Request, path: str, body: bytes) -> Response:
        job = self._job_of(path, request)
        if isinstance(job, Response):
            return job
        job.artifacts = {file["path"]: self._content(file) for file in (await request.json())["files"]}
        return JSONResponse([])

    async def _mlflow(self, request: Request, path: str, body: bytes) -> Response:
        tokens = {f"Bearer {job.spec.token}": job for job in self.jobs.values()}
        job = tokens.get(request.headers.get("authorization", ""))
        if job is None:
            return JSONResponse({"error_code": "UNAUTHENTICATED", "message": "no"}, 401)
        if job.gone:
            return JSONResponse({"error_code": "GONE", "message": "fenced"}, 410)
        self.mlflow_calls.append((request.method, path))
        call = path.rpartition("/")[2]
        if "/mlflow-artifacts/" in path:
            if request.method == "PUT":
                self.mlflow_files[path] = body
                return JSONResponse({})
            return Response(self.mlflow_files[path]) if path in self.mlflow_files else Response(status_code=404)
        if call == "log-batch":
            return self._log_batch(await request.json())
        if call == "delete-tag":
            self.tags.append(((await request.json())["key"], None))
            return JSONResponse({})
        if path.endswith("runs/get"):
            last: dict[str, dict[str, Any]] = {}
            for metric in self.metrics:
                if metric["key"] not in last or metric["step"] >= last[metric["key"]]["step"]:
                    last[metric["key"]] = metric
            data = {"metrics": list(last.values()), "params": [], "tags": []}
            info = {
                "run_id": request.query_params.get("run_id"),
                "status": "RUNNING",
                "artifact_uri": "mlflow-artifacts:/1",
            }
            return JSONResponse({"run": {"info": info, "data": data}})
        return JSONResponse({"echo": call, "query": request.url.query})

    def _log_batch(self, batch: dict[str, Any]) -> Response:
        if any(metric["key"] == "bad" for metric in batch.get("metrics", [])):
            return JSONResponse({"error_code": "INVALID_PARAMETER_VALUE", "message": "bad metric"}, 400)
        self.batches.append(batch)
        known = {(m["key"], m["step"], m["timestamp"], m["value"]) for m in self.metrics}  # as MLflow's store has it
        for metric in batch.get("metrics", []):
            if (metric["key"], metric["step"], metric["timestamp"], metric["value"]) not in known:
                self.metrics.append(metric)
        self.tags += [(tag["key"], tag["value"]) for tag in batch.get("tags", [])]
        return JSONResponse({})

    async def _file(self, request: Request, path: str, body: bytes) -> Response:
        content = self.files.get(path)
        if content is None:
            return JSONResponse({"error": "not_found", "detail": path}, 404)
        range_header = request.headers.get("range")
        if range_header is None:
            return Response(content, media_type="application/octet-stream")
        start = int(range_header.removeprefix("bytes=").removesuffix("-"))
        headers = {"Content-Range": f"bytes {start}-{len(content) - 1}/{len(content)}"}
        return Response(content[start:], 206, headers, "application/octet-stream")


def _view(upload: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": upload["id"],
        "sha256": upload["sha256"],
        "size": upload["size"],
        "part_size": PART,
        "received": sorted(upload["parts"]),
        "complete": upload["complete"],
    }


def _kind(method: str, path: str) -> str:
    if path.startswith("/mlflow/"):
        return "mlflow"
    if path == "/api/uploads":
        return "upload_open"
    if path.startswith("/api/uploads/"):
        return "upload_complete" if path.endswith("/complete") else "upload_part"
    if method == "GET":
        return "file"
    last = path.rpartition("/")[2]
    return {"logs": "log"}.get(last, last)
