"""How long requests take, by route: the one metric that is counted as it happens."""

import time

from prometheus_client import CollectorRegistry, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0)


class Latency:
    """In front of the gate, so that refused requests count too. Streams count until their last byte."""

    def __init__(self, app: ASGIApp, registry: CollectorRegistry) -> None:
        self._app = app
        self._seconds = Histogram(
            "proteinx_http_seconds",
            "Seconds from a request to the end of its reply",
            ["method", "route", "status"],
            buckets=BUCKETS,
            registry=registry,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500

        async def watching(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        began = time.perf_counter()
        try:
            await self._app(scope, receive, watching)
        finally:
            labels = (_method(scope), _route(scope), f"{status // 100}xx")
            self._seconds.labels(*labels).observe(time.perf_counter() - began)


def _method(scope: Scope) -> str:
    known = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
    return scope["method"] if scope["method"] in known else "other"


def _route(scope: Scope) -> str:
    """The route's template: a bounded number of labels, and no name of anybody's in them."""
    path = getattr(scope.get("route"), "path", None)
    if path is None:
        return "none"
    in_api = scope["path"].startswith("/api/") and not path.startswith("/api/")
    return f"/api{path}" if in_api else str(path)  # FastAPI keeps an included router's prefix to itself
