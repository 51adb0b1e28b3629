"""The MLflow server that a job sees: on loopback, with the attempt's own token.

Metrics and tags are spooled and answered at once, so that no project waits for, or loses a point to, a master that is
away. Everything else passes through, and waits where it must; so do requests to a model that a job keeps loaded, and
its answers.
"""

import hmac
import json
import logging
import select
import socket
import tempfile
import threading
import time
from collections.abc import AsyncIterator
from typing import IO, Final

import anyio
import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from proteinx.contracts.protocol import IDLE_CONNECTION_SECONDS
from worker.entries import Entry, as_entry
from worker.forwarder import Forwarder
from worker.insist import FENCED, Fenced, Insistence
from worker.launch import SERVING
from worker.spool import Spool

_HOP_HEADERS: Final = frozenset(
    {"connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade", "host", "content-length", "expect"}
)
_AWAY: Final = frozenset({502, 503, 504})
_IN_MEMORY: Final = 4 * 1024 * 1024
_METHODS: Final = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
_SERVING: Final = {("GET", f"{SERVING}/requests"): "requests", ("POST", f"{SERVING}/replies"): "replies"}
log = logging.getLogger(__name__)


class Relay:
    def __init__(
        self,
        *,
        listener: socket.socket,
        master_url: str,
        token: str,
        run_id: str,
        attempt: int,
        spool: Spool,
        forwarder: Forwarder,
        insist: Insistence,
        patience: float,
    ) -> None:
        self._listener = listener
        self._master_url = master_url.rstrip("/")
        self._token = token
        self._run_id = run_id
        self._attempt = attempt
        self._spool = spool
        self._forwarder = forwarder
        self._insist = insist
        self._patience = patience
        self._stopped = False
        self._http: httpx.AsyncClient
        self._server: uvicorn.Server | None = None

    def start(self) -> None:
        threading.Thread(target=self._serve, name="relay", daemon=True).start()

    def stop(self) -> None:
        """Takes nothing more; what is spooled stays spooled. Nobody waits for its loop's end: its callers are dead."""
        self._stopped = True
        if self._server is not None:
            self._server.should_exit = True
            self._server.force_exit = True

    def _serve(self) -> None:
        """Makes nothing for a job that never calls: the listener holds the first connection until there is a server."""
        select.select([self._listener], [], [])
        self._http = httpx.AsyncClient(
            timeout=httpx.Timeout(300.0, connect=10.0),
            limits=httpx.Limits(max_connections=None, keepalive_expiry=IDLE_CONNECTION_SECONDS),
            trust_env=False,
            verify=self._master_url.startswith("https:"),
        )
        app = Starlette(routes=[Route("/{path:path}", self._answer, methods=_METHODS)])
        config = uvicorn.Config(
            app, loop="asyncio", ws="none", lifespan="off", log_config=None, access_log=False, timeout_keep_alive=120
        )
        self._server = uvicorn.Server(config)
        if not self._stopped:
            self._server.run([self._listener])

    async def _answer(self, request: Request) -> Response:
        if not hmac.compare_digest(request.headers.get("authorization", ""), f"Bearer {self._token}"):
            return _refuse(401, "UNAUTHENTICATED", "This relay answers its own job only; use MLFLOW_TRACKING_TOKEN.")
        if self._insist.fenced.is_set():
            return _fenced()
        call = _spoolable(request.url.path) if request.method == "POST" else None
        if call is not None:
            body = await request.body()
            entry = _entry(call, body, self._run_id)
            if entry is not None:
                return await self._keep(entry)
        return await self._pass_through(request)

    async def _keep(self, entry: Entry) -> Response:
        """Waits where the disk is full: somebody may make room, and a job that is told of it would fail."""
        deadline = time.monotonic() + self._patience
        delays = self._insist.retry.delays()
        while not self._insist.fenced.is_set():
            try:
                await run_in_threadpool(self._spool.append, entry)
            except OSError as error:
                delay = next(delays)
                if time.monotonic() + delay > deadline:
                    return _refuse(507, "RESOURCE_EXHAUSTED", f"The worker's disk takes no more: {error.strerror}.")
                log.warning("metrics wait for room on the disk: %s", error, extra={"action": "spool_waits"})
                await anyio.sleep(delay)
            else:
                return JSONResponse({})
        return _fenced()

    async def _pass_through(self, request: Request) -> Response:
        try:
            if "/mlflow-artifacts/" not in request.url.path and not _is_serving(request):
                await run_in_threadpool(self._forwarder.flush)  # a job reads what it has just written
            with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as body:
                async for piece in request.stream():
                    await run_in_threadpool(body.write, piece)
                reply = await self._send(request, body)
        except Fenced:
            return _fenced()
        if reply is None:
            return _refuse(503, "TEMPORARILY_UNAVAILABLE", "The master does not answer.")
        if reply.status_code in FENCED:
            self._insist.fence()
        headers = {name: value for name, value in reply.headers.items() if name.lower() not in _HOP_HEADERS}
        if "content-length" in reply.headers:
            headers["content-length"] = reply.headers["content-length"]
        return StreamingResponse(_stream(reply), reply.status_code, headers)

    async def _send(self, request: Request, body: IO[bytes]) -> httpx.Response | None:
        """The master's answer, its body still to be read; None if it stayed away for as long as we wait."""
        deadline = time.monotonic() + self._patience
        delays = self._insist.retry.delays()
        repeatable = not request.url.path.endswith("/create")
        while True:
            try:
                reply = await self._http.send(self._outgoing(request, body), stream=True)
            except httpx.ConnectError as error:
                problem: object = error
            except httpx.TransportError as error:
                if not repeatable:
                    return None
                problem = error
            else:
                if reply.status_code not in _AWAY:
                    return reply
                await reply.aclose()
                problem = reply.status_code
            delay = next(delays)
            if time.monotonic() + delay > deadline:
                return None
            log.info("MLflow call waits for the master: %s", problem, extra={"action": "relay_waits"})
            await anyio.sleep(delay)
            if self._insist.fenced.is_set():
                raise Fenced("relay")

    def _outgoing(self, request: Request, body: IO[bytes]) -> httpx.Request:
        size = body.seek(0, 2)
        headers = [(name, value) for name, value in request.headers.items() if name.lower() not in _HOP_HEADERS]
        query = f"?{request.url.query}" if request.url.query else ""
        if size or request.method in ("POST", "PUT", "PATCH"):
            headers.append(("content-length", str(size)))
        return self._http.build_request(
            request.method,
            f"{self._master_url}{self._path(request)}{query}",
            headers=headers,
            content=_pieces(body) if size else None,
        )

    def _path(self, request: Request) -> str:
        """At the master: of this very attempt where it serves a model, else MLflow's."""
        if _is_serving(request):
            name = _SERVING[request.method, request.url.path]
            return f"/api/jobs/{self._run_id}/attempts/{self._attempt}/{name}"
        # the path as it came, so that what is escaped stays escaped
        path: bytes = request.scope["raw_path"]
        return "/mlflow" + path.decode("ascii").partition("?")[0]


def _is_serving(request: Request) -> bool:
    """A request to a model, or its answer, on the way between master and job."""
    return (request.method, request.url.path) in _SERVING


def _spoolable(path: str) -> str | None:
    """`log-metric` of `/api/2.0/mlflow/runs/log-metric`, where it is a call that may be answered at once."""
    for prefix in ("/api/2.0/mlflow/runs/", "/ajax-api/2.0/mlflow/runs/"):
        call = path.removeprefix(prefix)
        if call != path and call in ("log-metric", "log-batch", "set-tag", "delete-tag"):
            return call
    return None


def _entry(call: str, body: bytes, run_id: str) -> Entry | None:
    """None for what MLflow itself must answer: other runs, params, calls that are not well formed."""
    try:
        sent = json.loads(body)
    except ValueError:
        return None
    if not isinstance(sent, dict) or (sent.get("run_id") or sent.get("run_uuid")) != run_id:
        return None
    content = {key: value for key, value in sent.items() if key not in ("run_id", "run_uuid")}
    if call == "delete-tag":
        return {"delete_tag": content["key"]} if isinstance(content.get("key"), str) else None
    kinds = {"set-tag": "tags", "log-metric": "metrics"}
    return as_entry({kinds[call]: [content]} if call in kinds else content)


async def _pieces(body: IO[bytes]) -> AsyncIterator[bytes]:
    body.seek(0)
    while piece := await run_in_threadpool(body.read, 256 * 1024):
        yield piece


async def _stream(reply: httpx.Response) -> AsyncIterator[bytes]:
    try:
        async for piece in reply.aiter_raw():
            yield piece
    finally:
        await reply.aclose()


def _fenced() -> JSONResponse:
    return _refuse(410, "INVALID_STATE", "This attempt is over; the job goes on elsewhere or has ended.")


def _refuse(status: int, code: str, message: str) -> JSONResponse:
    return JSONResponse({"error_code": code, "message": message}, status_code=status)
