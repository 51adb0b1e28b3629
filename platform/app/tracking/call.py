"""One call to MLflow, read once and exactly, so that what is checked is what MLflow will act on."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl, quote, unquote_to_bytes

from app.errors import BadRequest

Body = dict[str, Any]
MAX_BODY: Final = 5 * 1024 * 1024
_SECOND_READING: Final = re.compile(rb"%(25|2f|5c|00)", re.IGNORECASE)
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f\\]")


@dataclass(slots=True)
class Call:
    method: str
    path: str
    """Below `/mlflow`, decoded once; each segment is a plain name."""
    query: dict[str, list[str]]
    raw_query: str
    variables: Mapping[str, str] = field(default_factory=dict)
    """What the route's template took from the path."""
    body: Body | None = None
    """Of a JSON call whose rule looks into it; what a rule changes here is what MLflow gets."""
    changed: bool = False

    def one(self, name: str) -> str | None:
        """A parameter of the query that may be given once. Raises BadRequest if it is given twice."""
        values = self.query.get(name, [])
        if len(values) > 1:
            raise BadRequest("repeated_parameter", f"Give {name} once.", field=name)
        return values[0] if values else None

    def fields(self) -> Body:
        return self.body if self.body is not None else {}

    def put(self, name: str, value: object) -> None:
        if self.body is not None:
            self.body[name], self.changed = value, True

    def drop(self, name: str) -> None:
        if self.body is not None and name in self.body:
            del self.body[name]
            self.changed = True

    @property
    def quoted_path(self) -> str:
        return quote(self.path, safe="/~!$&'()*+,;=:@-._")


def canonical_path(raw: bytes) -> str:
    """The decoded path. Raises BadRequest for whatever two programs might read in two ways."""
    refused = BadRequest("bad_path", "This path has parts that may not stand in one.")
    if _SECOND_READING.search(raw):
        raise refused
    try:
        path = unquote_to_bytes(raw).decode("utf-8")
    except UnicodeDecodeError as error:
        raise refused from error
    segments = path.split("/")
    if _CONTROL.search(path) or any(part in (".", "..") for part in segments) or "" in segments[1:-1]:
        raise refused
    return path


def parse_query(raw: bytes) -> dict[str, list[str]]:
    query: dict[str, list[str]] = {}
    for name, value in parse_qsl(raw.decode("latin-1"), keep_blank_values=True):
        query.setdefault(name, []).append(value)
    return query


def parse_body(data: bytes) -> Body:
    """A JSON object whose names are read in one way only. Raises BadRequest."""
    try:
        body = json.loads(data.decode("utf-8") or "{}", object_pairs_hook=_once)
    except ValueError as error:
        raise BadRequest("bad_json", "The body is no JSON.") from error
    if not isinstance(body, dict):
        raise BadRequest("bad_json", "The body must be a JSON object.")
    for name in body:
        if name != name.lower():  # protobuf also takes camelCase, which the checks of rights don't look for
            raise BadRequest("bad_json", f"Write {name} in snake_case.", field=name)
    return body


def _once(pairs: list[tuple[str, Any]]) -> Body:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadRequest("bad_json", "The body has one name twice.")
    return found
