"""`/mlflow/**`: MLflow behind the master's sign-in. Streams both ways; what may pass is said in routes.py."""

import json
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Final, Self

import httpx
from fastapi.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse

from app.accounts.actor import Actor
from app.errors import AppError, BadRequest, TooLarge, Unavailable
from app.tracking.call import MAX_BODY, Call, canonical_path, parse_body, parse_query
from app.tracking.owners import Owners
from app.tracking.routes import Route, find
from app.tracking.server import PREFIX, MlflowServer, Upstream
from proteinx.contracts.protocol import IDLE_CONNECTION_SECONDS

log = logging.getLogger(__name__)

PASSED_ON: Final = frozenset(
    [
        "accept",
        "accept-encoding",
        "cache-control",
        "content-type",
        "if-match",
        "if-modified-since",
        "if-none-match",
        "if-range",
        "if-unmodified-since",
        "range",
        "user-agent",
    ]
)
"""Headers that MLflow gets. Never Authorization, Cookie, or Origin: the gate has dealt with these."""
KEPT_BACK: Final = frozenset(
    [
        "connection",
        "date",
        "keep-alive",
        "proxy-authenticate",
        "server",
        "set-cookie",
        "trailer",
        "transfer-encoding",
        "upgrade",
    ]
)
FILE_HEADERS: Final = {
    "content-security-policy": "sandbox; default-src 'none'",
    "x-content-type-options": "nosniff",
}
"""So that no artifact, made by anybody's job, runs as a page of this site."""
TIMEOUT: Final = httpx.Timeout(600.0, connect=2.0, pool=30.0)
MLFLOW_CODES: Final = {
    400: "INVALID_PARAMETER_VALUE",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "ENDPOINT_NOT_FOUND",
    409: "INVALID_STATE",
    410: "INVALID_STATE",
    413: "INVALID_PARAMETER_VALUE",
    503: "TEMPORARILY_UNAVAILABLE",
}


class Proxy:
    def __init__(self, server: MlflowServer, owners: Owners, http: httpx.AsyncClient) -> None:
        self._server = server
        self._owners = owners
        self._http = http

    @classmethod
    @asynccontextmanager
    async def opened(cls, server: MlflowServer, owners: Owners) -> AsyncIterator[Self]:
        limits = httpx.Limits(
            max_connections=200, max_keepalive_connections=20, keepalive_expiry=IDLE_CONNECTION_SECONDS
        )
        async with httpx.AsyncClient(timeout=TIMEOUT, limits=limits, trust_env=False) as http:
            yield cls(server, owners, http)

    async def answer(self, request: Request) -> Response:
        try:
            return await self._answer(request)
        except AppError as error:
            return _refusal(error)

    async def _answer(self, request: Request) -> Response:
        path = canonical_path(request.scope.get("raw_path") or request.scope["path"].encode()).removeprefix(PREFIX)
        route, variables = find(request.method, path or "/")
        raw_query: bytes = request.scope["query_string"]
        call = Call(request.method, path, parse_query(raw_query), raw_query.decode("latin-1"), variables)
        data = await _read_body(request) if route.rule.reads_body else None
        if data is not None:
            call.body = parse_body(data)
        actor: Actor = request.state.actor
        await run_in_threadpool(route.rule.check, actor, call, self._owners)
        if path == "":
            return RedirectResponse(f"{PREFIX}/", 308)
        upstream = self._server.upstream
        if upstream is None:
            raise Unavailable("mlflow_unavailable", "MLflow starts once an admin has set the workdir.")
        if data is not None and call.changed:
            data = json.dumps(call.body).encode()
        return await self._forward(request, route, call, upstream, data)

    async def _forward(
        self, request: Request, route: Route, call: Call, upstream: Upstream, data: bytes | None
    ) -> Response:
        prefix = "" if route.streams else PREFIX
        url = httpx.URL(upstream.url + prefix + call.quoted_path, query=call.raw_query.encode("latin-1") or None)
        outgoing = self._http.build_request(
            call.method,
            url,
            headers=_request_headers(request, upstream, data),
            content=_content(request, data),
        )
        try:
            reply = await self._http.send(outgoing, stream=True)
        except httpx.TransportError as error:
            log.warning("MLflow does not answer %s %s: %r", call.method, call.path, error)
            raise Unavailable("mlflow_unavailable", "MLflow does not answer; try again in a moment.") from error
        headers = {name: value for name, value in reply.headers.items() if name not in KEPT_BACK}
        if route.is_file and reply.status_code < 400:
            headers = {"content-disposition": "attachment", **headers, **FILE_HEADERS}
        return StreamingResponse(_stream(reply), reply.status_code, headers)


async def _read_body(request: Request) -> bytes:
    """The whole of a JSON body, which the rule looks into. Raises BadRequest, TooLarge."""
    if request.headers.get("content-encoding", "identity") != "identity":
        raise BadRequest("bad_encoding", "Send the body as it is, not compressed.")
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > MAX_BODY:
            raise TooLarge("body_too_large", f"A call's body may have {MAX_BODY // 1024**2} MB at most.")
    return bytes(data)


def _request_headers(request: Request, upstream: Upstream, data: bytes | None) -> dict[str, str]:
    headers = {name: value for name, value in request.headers.items() if name in PASSED_ON}
    headers.setdefault("accept-encoding", "identity")
    if data is None and "content-length" in request.headers and request.method not in ("GET", "HEAD"):
        headers["content-length"] = request.headers["content-length"]
    return {**headers, **upstream.headers}


def _content(request: Request, data: bytes | None) -> bytes | AsyncIterator[bytes] | None:
    """A GET's body is never passed on: MLflow reads it where there is no query, and no rule has looked into it."""
    if data is not None:
        return data
    return None if request.method in ("GET", "HEAD") else request.stream()


async def _stream(reply: httpx.Response) -> AsyncIterator[bytes]:
    try:
        async for chunk in reply.aiter_raw():
            yield chunk
    finally:
        await reply.aclose()


def _refusal(error: AppError) -> Response:
    """In our shape and in MLflow's, so that its client shows the sentence."""
    body: Mapping[str, str | None] = {
        "error": error.code,
        "detail": error.detail,
        "field": error.field,
        "error_code": MLFLOW_CODES.get(error.status, "INTERNAL_ERROR"),
        "message": error.detail,
    }
    return JSONResponse(body, error.status, error.headers)
