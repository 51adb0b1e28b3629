"""The one shape of an error on the wire."""

from pydantic import BaseModel


class ErrorBody(BaseModel):
    """`error` is stable and for programs; `detail` is a sentence that says what to do."""

    error: str
    detail: str
    field: str | None = None
    """Where one field of a request is at fault: its dotted name."""
