"""From a request's body to sequences that a model may be asked about: read, checked and counted. No model is needed."""

import re
from collections.abc import Sequence
from typing import Final

from fastapi import Request
from pydantic import ValidationError
from starlette.requests import ClientDisconnect

from app.errors import AppError, BadRequest, TooLarge, Unprocessable
from proteinx.contracts.phrases import say
from proteinx.contracts.serving import PredictRequest, SequenceIn, ServingSettings

FASTA: Final = frozenset({"text/plain", "text/x-fasta", "application/x-fasta", "chemical/seq-aa-fasta"})
_HEARD_OUT: Final = 64 * 1024**2
"""So many bytes over the limit are still read, and dropped: who is cut off while sending reads no refusal."""
_ILLEGAL: Final = re.compile(r"[^A-Z*]")
"""Every letter is a residue's, or stands for several; * is a stop."""


async def read(request: Request, limits: ServingSettings) -> list[SequenceIn]:
    """Raises TooLarge, BadRequest, Unprocessable naming the sequence by its index."""
    body = await bounded_body(request, limits.body_bytes, "request_too_large")
    kind = request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    if kind in FASTA:
        return checked(from_fasta(_text(body)), limits)
    if kind != "application/json":
        detail = "Send application/json, or FASTA as text/plain."
        raise AppError("bad_media_type", detail, status=415)
    return checked(from_json(body), limits)


def from_json(body: bytes) -> list[SequenceIn]:
    """Raises Unprocessable("invalid_request")."""
    try:
        given = PredictRequest.model_validate_json(body).sequences
    except ValidationError as error:
        first = error.errors()[0]
        # The alternatives that a sequence may be are no part of its place.
        place = [str(part) for part in first["loc"] if part not in ("str", "SequenceIn")]
        field = ".".join(place) or None
        detail = f"{field}: {first['msg']}" if field else first["msg"]
        raise Unprocessable("invalid_request", detail, field=field) from error
    return [
        SequenceIn(id=f"seq{number}", sequence=one) if isinstance(one, str) else one
        for number, one in enumerate(given, start=1)
    ]


def from_fasta(text: str) -> list[SequenceIn]:
    """A record for each line that begins with >; its id is the first word. Raises Unprocessable("no_header")."""
    records: list[tuple[str, list[str]]] = []
    for line in text.removeprefix("\ufeff").splitlines():
        if line.startswith(">"):
            name = line[1:].split(maxsplit=1)
            records.append((name[0] if name else f"seq{len(records) + 1}", []))
        elif line.strip() and not line.startswith(";"):
            if not records:
                raise Unprocessable("no_header", say("header_missing"), field="sequences")
            records[-1][1].append(line)
    return [SequenceIn(id=name[:500], sequence="".join(lines)) for name, lines in records]


def checked(given: Sequence[SequenceIn], limits: ServingSettings) -> list[SequenceIn]:
    """Upper case, without white space. Raises TooLarge for what is over a limit, Unprocessable for a bad sequence."""
    if not given:
        raise Unprocessable("nothing_to_predict", say("no_sequences"), field="sequences")
    if len(given) > limits.sequences:
        raise TooLarge("too_many_sequences", say("too_many_sequences", n=len(given), limit=limits.sequences))
    plain = [_plain(index, one) for index, one in enumerate(given)]
    residues = sum(len(one.sequence) + len(one.partner or "") for one in plain)
    if residues > limits.residues:
        raise TooLarge("too_many_residues", say("too_many_residues", n=residues, limit=limits.residues))
    seen: set[str] = set()
    for index, one in enumerate(plain):
        if one.id in seen:
            detail = say("sequence_id_twice", number=index + 1, id=one.id)
            raise Unprocessable("duplicate_id", detail, field=f"sequences.{index}.id")
        seen.add(one.id)
    return plain


def _plain(index: int, one: SequenceIn) -> SequenceIn:
    sequence = _residues(index, one.id, one.sequence, "sequence")
    partner = None if one.partner is None else _residues(index, one.id, one.partner, "partner")
    return SequenceIn(id=one.id, sequence=sequence, partner=partner)


def _residues(index: int, name: str, text: str, part: str) -> str:
    residues = "".join(text.split()).upper()
    field = f"sequences.{index}.{part}"
    if not residues:
        raise Unprocessable("empty_sequence", say("sequence_empty", number=index + 1, id=name), field=field)
    found = _ILLEGAL.search(residues)
    if found:
        told = say("sequence_illegal", number=index + 1, id=name, letter=found.group(), position=found.start() + 1)
        raise Unprocessable("illegal_residue", told, field=field)
    return residues


async def bounded_body(request: Request, limit: int, code: str) -> bytes:
    """Raises TooLarge(code), BadRequest where it ends too early. Never keeps more than `limit` bytes."""
    body, size = bytearray(), 0
    try:
        async for piece in request.stream():
            size += len(piece)
            if size <= limit:
                body += piece
            elif size > limit + _HEARD_OUT:
                break
    except ClientDisconnect as error:
        raise BadRequest("request_torn", "The connection ended inside the request; send it again.") from error
    if size > limit:
        raise TooLarge(code, say(code, limit=limit))
    return bytes(body)


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise Unprocessable("bad_encoding", "FASTA must be UTF-8; save the file anew.", field="sequences") from error
