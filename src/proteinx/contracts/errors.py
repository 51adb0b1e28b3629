"""The one shape of an error on the wire."""

from pydantic import BaseModel

from proteinx.contracts.phrases import Words


class ErrorBody(BaseModel):
    """`error` is stable and for programs; `detail` is a sentence that says what to do."""

    error: str
    detail: str
    field: str | None = None
    """Where one field of a request is at fault: its dotted name."""
    words: Words | None = None
    """The detail by its code, where it is one that pages say in the reader's language."""
    job: str | None = None
    """The job that it is about: the one that starts a model, for one."""
