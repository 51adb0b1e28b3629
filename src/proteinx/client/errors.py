"""What a call to the master can raise."""

import httpx
from pydantic import BaseModel, ValidationError

from proteinx.contracts.errors import ErrorBody


class ApiError(Exception):
    """The master's answer to a call that it refused: a stable code, a sentence that says what to do, the status."""

    def __init__(self, code: str, detail: str, status: int, field: str | None = None) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.status = status
        self.field = field


class MasterUnreachable(ApiError):
    """No answer at all, after all tries. `sent` tells whether the request may have reached the master."""

    def __init__(self, url: str, why: str, *, sent: bool) -> None:
        super().__init__("master_unreachable", f"The master at {url} does not answer ({why}).", 0)
        self.sent = sent


class TransferError(Exception):
    """A file that changed while it was sent, or arrived other than it was announced."""


class _OfMlflow(BaseModel):
    """What is below /mlflow answers in its own way."""

    error_code: str
    message: str


def from_response(response: httpx.Response) -> ApiError:
    """The body must have been read. MLflow's codes are in small letters here, as all others are."""
    try:
        body = ErrorBody.model_validate_json(response.content)
    except ValidationError:
        try:
            refusal = _OfMlflow.model_validate_json(response.content)
        except ValidationError:
            return _stranger(response)
        return ApiError(refusal.error_code.lower(), refusal.message, response.status_code)
    return ApiError(body.error, body.detail, response.status_code, body.field)


def _stranger(response: httpx.Response) -> ApiError:
    reason = response.reason_phrase or "no reason given"
    detail = f"{response.request.url.host} answered {response.status_code} {reason}; is this a ProteinX master?"
    return ApiError(f"http_{response.status_code}", detail, response.status_code)
