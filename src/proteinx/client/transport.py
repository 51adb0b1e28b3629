"""One HTTP connection to a master: credentials, retries, errors, and replies as contracts."""

import ipaddress
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel, TypeAdapter

import proteinx
from proteinx.client.errors import ApiError, MasterUnreachable, from_response
from proteinx.client.retry import AGAIN, Retry
from proteinx.contracts.protocol import IDLE_CONNECTION_SECONDS

Reply = TypeVar("Reply")
Query = Mapping[str, str | int | float | bool | None]


class Stopped(Exception):
    """The owner's stop event was set while a call waited for its next try."""


def segment(text: str) -> str:
    """A name as one part of a URL's path."""
    return quote(text, safe="")


class Transport:
    """Safe for use from several threads.

    A call marked `again` is one that the master treats alike however often it comes; only such calls are repeated after
    their request may have arrived. `stop` ends all waiting.
    """

    def __init__(
        self,
        url: str,
        token: str | None = None,
        *,
        retry: Retry | None = None,
        timeout: float = 30.0,
        stop: threading.Event | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.url = url.rstrip("/")
        self.token = token
        self.retry = retry or Retry()
        self._stop = stop or threading.Event()
        self._http = httpx.Client(
            base_url=self.url,
            timeout=httpx.Timeout(timeout, connect=min(timeout, 10.0)),
            headers={"User-Agent": f"proteinx/{proteinx.__version__}"},
            trust_env=not _is_loopback(self.url),  # a proxy of the environment can't reach our own loopback
            transport=transport,
            limits=httpx.Limits(keepalive_expiry=IDLE_CONNECTION_SECONDS),
            verify=self.url.startswith("https:"),  # reading the certificates takes 50 ms, for nothing on plain HTTP
        )

    def close(self) -> None:
        self._http.close()

    def request(
        self,
        method: str,
        path: str,
        *,
        json: BaseModel | None = None,
        body: bytes | None = None,
        query: Query | None = None,
        headers: Mapping[str, str] | None = None,
        again: bool | None = None,
        retry: Retry | None = None,
        timeout: float | None = None,
    ) -> httpx.Response:
        """Raises ApiError (MasterUnreachable when nobody answers), Stopped. `timeout`: seconds for a long answer."""
        if json is not None:
            body = json.model_dump_json().encode()
            headers = dict(headers or {}) | {"Content-Type": "application/json"}
        request = self._build(method, path, body=body, query=query, headers=headers)
        if timeout is not None:
            request.extensions = {**request.extensions, "timeout": httpx.Timeout(timeout, connect=10.0).as_dict()}
        repeatable = again if again is not None else method in ("GET", "HEAD", "PUT", "DELETE")
        delays = (retry or self.retry).delays()
        while True:
            failure, wait_at_least = self._try(request, repeatable)
            if isinstance(failure, httpx.Response):
                return failure
            delay = next(delays, None)
            if delay is None or not _worth_another_try(failure, repeatable):
                raise failure
            if self._stop.wait(max(delay, wait_at_least)):
                raise Stopped(path) from failure

    def get(self, path: str, reply: type[Reply] | TypeAdapter[Reply], query: Query | None = None) -> Reply:
        return parse(reply, self.request("GET", path, query=query))

    def post(
        self,
        path: str,
        reply: type[Reply] | TypeAdapter[Reply],
        json: BaseModel | None = None,
        *,
        query: Query | None = None,
        again: bool = False,
        retry: Retry | None = None,
        timeout: float | None = None,
    ) -> Reply:
        response = self.request("POST", path, json=json, query=query, again=again, retry=retry, timeout=timeout)
        return parse(reply, response)

    @contextmanager
    def stream(
        self, path: str, headers: Mapping[str, str] | None = None, timeout: float | None = None
    ) -> Iterator[httpx.Response]:
        """One try of a GET, its body read piece by piece; `timeout`, in seconds, is for a reply that begins late.

        Raises ApiError; httpx.TransportError while reading.
        """
        request = self._build("GET", path, headers=headers)
        if timeout is not None:
            request.extensions["timeout"] = {**request.extensions["timeout"], "read": timeout}
        try:
            response = self._http.send(request, stream=True)
        except httpx.TransportError as error:
            raise _unreachable(self.url, error) from error
        try:
            if response.is_error:
                response.read()
                raise from_response(response)
            yield response
        finally:
            response.close()

    def wait(self, seconds: float) -> None:
        """Raises Stopped."""
        if self._stop.wait(seconds):
            raise Stopped(self.url)

    def _build(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        query: Query | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Request:
        sent = dict(headers or {})
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        else:  # a session's cookie counts only together with the origin it was made for
            sent["Origin"] = self.url
        params = {key: value for key, value in (query or {}).items() if value is not None}
        return self._http.build_request(method, path, content=body, params=params or None, headers=sent)

    def _try(self, request: httpx.Request, repeatable: bool) -> tuple[httpx.Response | ApiError, float]:
        try:
            response = self._http.send(request)
        except httpx.TransportError as error:
            return _unreachable(self.url, error), 0.0
        if not response.is_error:
            return response, 0.0
        return from_response(response), _retry_after(response)


def parse(reply: type[Reply] | TypeAdapter[Reply], response: httpx.Response) -> Reply:
    adapter = reply if isinstance(reply, TypeAdapter) else TypeAdapter(reply)
    value: Any = None if response.status_code == httpx.codes.NO_CONTENT else response.json()
    return adapter.validate_python(value, strict=False)


def _worth_another_try(failure: ApiError, repeatable: bool) -> bool:
    if isinstance(failure, MasterUnreachable):
        return repeatable or not failure.sent
    return repeatable and failure.status in AGAIN


def _unreachable(url: str, error: httpx.TransportError) -> MasterUnreachable:
    never_sent = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)
    return MasterUnreachable(url, str(error) or type(error).__name__, sent=not never_sent)


def _retry_after(response: httpx.Response) -> float:
    text = response.headers.get("Retry-After", "")
    return min(float(text), 60.0) if text.isdigit() else 0.0


def _is_loopback(url: str) -> bool:
    host = httpx.URL(url).host
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
