"""Sends a stored file over HTTP: ranges, ETag, and headers that keep a browser from running what somebody uploaded."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

from app.errors import AppError
from app.storage.base import Storage

_RANGE: Final = re.compile(r"bytes=(\d{0,19})-(\d{0,19})")
SAFE: Final = {
    "Accept-Ranges": "bytes",
    "Cache-Control": "private, no-cache",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True, slots=True)
class Download:
    key: str
    size: int
    sha256: str | None
    """The ETag; without it a client can't know that it resumes the same file, and If-Range never matches."""
    filename: str


def respond(storage: Storage, file: Download, request_headers: Mapping[str, str]) -> Response:
    """200, 206 for one range, 304 for a known ETag. Raises AppError 416, NotFound.

    Several ranges in one request are answered with the whole file, as RFC 9110 allows.
    """
    etag = f'"{file.sha256}"' if file.sha256 else None
    headers = {**SAFE, "Content-Disposition": disposition(file.filename)}
    if etag:
        headers["ETag"] = etag
        if request_headers.get("if-none-match") == etag:
            return Response(status_code=304, headers=headers)
    start, end = _range(request_headers, file.size, etag)
    headers["Content-Length"] = str(end - start)
    partial = (start, end) != (0, file.size) or _wants_range(request_headers, etag)
    if partial:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{file.size}"
    return StreamingResponse(
        storage.read(file.key, start, end - start),
        status_code=206 if partial else 200,
        headers=headers,
        media_type="application/octet-stream",
    )


def _wants_range(headers: Mapping[str, str], etag: str | None) -> bool:
    condition = headers.get("if-range")
    return _RANGE.fullmatch(headers.get("range", "")) is not None and (condition is None or condition == etag)


def _range(headers: Mapping[str, str], size: int, etag: str | None) -> tuple[int, int]:
    """First byte, and the one after the last."""
    if not _wants_range(headers, etag):
        return 0, size
    match = _RANGE.fullmatch(headers["range"])
    first, last = match.groups() if match else ("", "")
    if first:
        start, end = int(first), min(int(last) + 1, size) if last else size
    else:
        start, end = max(size - int(last or 0), 0), size
    if start >= end or not (first or last):
        raise AppError(
            "range_not_satisfiable",
            f"The file has {size} bytes; the range {headers['range']!r} asks for none of them.",
            status=416,
            headers={"Content-Range": f"bytes */{size}"},
        )
    return start, end


def disposition(filename: str) -> str:
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", filename) or "file"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"
