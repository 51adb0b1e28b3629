"""Sends one file in parts. What the master already has of it is not sent again, after a crash either."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from proteinx.client.errors import TransferError
from proteinx.client.transport import Transport, segment
from proteinx.contracts.protocol import HEADER_SHA256
from proteinx.contracts.uploads import UploadOpen, UploadView

Progress = Callable[[int], None]
"""Gets the number of bytes that have just been dealt with."""


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def upload(
    transport: Transport, path: Path, *, sha256: str | None = None, progress: Progress | None = None
) -> UploadView:
    """Sends `path` whole and returns the complete upload.

    Raises ApiError, TransferError if the file changes meanwhile, OSError if it can't be read.
    """
    size = path.stat().st_size
    opened = UploadOpen(sha256=sha256 or sha256_of(path), size=size)
    view = transport.post("/api/uploads", UploadView, opened, again=True)
    advance = progress or (lambda _: None)
    if view.complete:
        advance(size)
        return view
    with path.open("rb") as file:
        _send_parts(transport, view, file, advance)
    return transport.post(f"/api/uploads/{segment(view.id)}/complete", UploadView, again=True)


def _send_parts(transport: Transport, view: UploadView, file: BinaryIO, advance: Progress) -> None:
    received = set(view.received)
    for number, start in enumerate(range(0, view.size, view.part_size)):
        length = min(view.part_size, view.size - start)
        if number not in received:
            file.seek(start)
            body = file.read(length)
            if len(body) != length:
                raise TransferError(f"{file.name} became shorter while it was sent; send it again when it is finished.")
            headers = {HEADER_SHA256: hashlib.sha256(body).hexdigest(), "Content-Type": "application/octet-stream"}
            transport.request("PUT", f"/api/uploads/{segment(view.id)}/parts/{number}", body=body, headers=headers)
        advance(length)
