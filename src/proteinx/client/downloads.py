"""Fetches one file with Range: goes on where it stopped, and is there under its name only when whole and checked."""

import hashlib
from pathlib import Path

import httpx

from proteinx.client.errors import ApiError, MasterUnreachable, TransferError
from proteinx.client.retry import AGAIN
from proteinx.client.transport import Transport
from proteinx.client.uploads import Progress

_PIECE = 256 * 1024


def download(
    transport: Transport,
    url: str,
    destination: Path,
    *,
    size: int | None = None,
    sha256: str | None = None,
    progress: Progress | None = None,
    timeout: float | None = None,
) -> httpx.Headers:
    """Writes `url` (a path below the master's address) to `destination`, through `<destination>.part`.

    With `sha256`, what arrives is checked against it, and a `.part` left by an earlier try is continued. `timeout` is
    for content that takes the master long to make, in seconds. Returns the last reply's headers. Raises ApiError,
    TransferError if size or digest differ in the end, OSError.
    """
    destination.parent.mkdir(parents=True, exist_ok=True)
    part = destination.with_name(destination.name + ".part")
    if sha256 is None:
        part.unlink(missing_ok=True)
    transfer = _Transfer(transport, url, part, sha256, progress or (lambda _: None), timeout=timeout)
    transfer.run(size)
    problem = transfer.problem(size)
    if problem:
        part.unlink()
        raise TransferError(f"{destination.name}: {problem}; fetch it again.")
    part.replace(destination)
    return transfer.headers


class _Transfer:
    def __init__(
        self,
        transport: Transport,
        url: str,
        part: Path,
        sha256: str | None,
        advance: Progress,
        *,
        timeout: float | None,
    ) -> None:
        self._transport = transport
        self._url = url
        self._part = part
        self._sha256 = sha256
        self._advance = advance
        self._timeout = timeout
        self.headers = httpx.Headers()
        self._digest = hashlib.sha256()
        self._have = 0
        part.touch()
        with part.open("rb") as file:
            while piece := file.read(_PIECE):
                self._take(piece)

    def run(self, size: int | None) -> None:
        """Each piece that arrives renews the tries: a slow line is no reason to give up, a dead one is."""
        if self._have and self._have == size:
            return
        delays = self._transport.retry.delays()
        while (failure := self._try()) is not None:
            error, progressed = failure
            if progressed:
                delays = self._transport.retry.delays()
            delay = next(delays, None)
            if delay is None:
                raise error
            self._transport.wait(delay)

    def problem(self, size: int | None) -> str | None:
        if size is not None and self._have != size:
            return f"{self._have} bytes arrived instead of {size}"
        if self._sha256 is not None and self._digest.hexdigest() != self._sha256:
            return "it arrived damaged (its sha256 differs)"
        return None

    def _try(self) -> tuple[ApiError, bool] | None:
        """None when all has arrived; else what went wrong, and whether anything came before it did."""
        before = self._have
        try:
            self._read()
        except httpx.TransportError as error:
            away = MasterUnreachable(self._transport.url, str(error) or type(error).__name__, sent=True)
            return away, self._have > before
        except ApiError as error:
            if isinstance(error, MasterUnreachable) or error.status in AGAIN:
                return error, self._have > before
            raise
        return None

    def _read(self) -> None:
        streamed = self._transport.stream(self._url, self._headers(), self._timeout)
        with streamed as response, self._part.open("ab") as file:
            self.headers = response.headers
            if self._have and response.status_code != httpx.codes.PARTIAL_CONTENT:
                self._start_over()
                file.truncate(0)
            for piece in response.iter_raw(_PIECE):
                file.write(piece)
                self._take(piece)

    def _start_over(self) -> None:
        self._advance(-self._have)
        self._have = 0
        self._digest = hashlib.sha256()

    def _take(self, piece: bytes) -> None:
        self._digest.update(piece)
        self._have += len(piece)
        self._advance(len(piece))

    def _headers(self) -> dict[str, str]:
        headers = {"Accept-Encoding": "identity"}
        if self._have:
            headers["Range"] = f"bytes={self._have}-"
            if self._sha256:
                headers["If-Range"] = f'"{self._sha256}"'
        return headers
