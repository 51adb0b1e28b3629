"""Bytes of a file as they should be: unpacked, without byte-order mark, with line feeds only."""

import codecs
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from proteinlab.biodata.errors import DataError

CHUNK = 1 << 19  # the arrays made from it stay in the processor's cache
HEAD = 1 << 16
GZIP_MAGIC = b"\x1f\x8b"


def read_chunks(path: Path) -> Iterator[bytes]:
    """Chunks of about 512 KiB of a plain or gzip file.

    Raises DataError: truncated_gzip, corrupt_gzip, wrong_encoding (UTF-16). What was readable before a
    gzip fault has been yielded by then, so that a reader knows the line it got to.
    """
    with path.open("rb") as raw:
        packed = raw.read(2) == GZIP_MAGIC
        raw.seek(0)
        yield from _line_feeds(_without_mark(_gunzip(raw) if packed else _plain(raw)))


def read_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Each line without its end, with its number from 1. Raises DataError as `read_chunks`, with the line."""
    held, number = b"", 1
    try:
        for chunk in read_chunks(path):
            *whole, held = (held + chunk).split(b"\n")
            for text in whole:
                yield number, text
                number += 1
    except DataError as error:
        raise error.at(number) from error
    if held:
        yield number, held


def read_head(path: Path) -> bytes:
    """The first 64 KiB or so, enough to recognise a format.

    A fault after some text is left to whoever reads the text, and knows the line.
    """
    head = b""
    try:
        for chunk in read_chunks(path):
            head += chunk
            if len(head) >= HEAD:
                break
    except DataError as error:
        if not head:
            raise error.at(1) from error
    return head[:HEAD]


def is_gzip(path: Path) -> bool:
    with path.open("rb") as raw:
        return raw.read(2) == GZIP_MAGIC


def _plain(raw: BinaryIO) -> Iterator[bytes]:
    while chunk := raw.read(CHUNK):
        yield chunk


def _gunzip(raw: BinaryIO) -> Iterator[bytes]:
    """Unpack all members. Not gzip.GzipFile: on a truncated file it throws away what it had unpacked."""
    packed = raw.read(CHUNK)
    while packed:
        inflater = zlib.decompressobj(wbits=31)
        while not inflater.eof:
            packed = packed or raw.read(CHUNK)
            try:
                unpacked = inflater.decompress(packed, CHUNK)
            except zlib.error as error:
                raise DataError("corrupt_gzip", f"The gzip data is damaged ({error}): pack it again.") from error
            if not packed and not unpacked and not inflater.eof:
                raise DataError("truncated_gzip", "The gzip file ends too early: copy or pack it again.")
            if unpacked:
                yield unpacked
            packed = inflater.unconsumed_tail
        packed = inflater.unused_data.lstrip(b"\0")  # tape padding is legal after a member
        while not packed and (more := raw.read(CHUNK)):
            packed = more.lstrip(b"\0")


def _without_mark(chunks: Iterator[bytes]) -> Iterator[bytes]:
    first = next(chunks, b"")
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise DataError("wrong_encoding", "The file is UTF-16 text: save it as UTF-8 ('CSV UTF-8').", 1)
    yield first.removeprefix(codecs.BOM_UTF8)
    yield from chunks


def _line_feeds(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """CRLF and lone CR become LF. A CR at a chunk's end waits for what follows it."""
    held = b""
    for chunk in chunks:
        text = held + chunk
        held = b"\r" if text.endswith(b"\r") else b""
        text = text.removesuffix(b"\r")
        if b"\r" in text:
            text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        if text:
            yield text
    if held:
        yield b"\n"
