"""Domain errors carry their status and stable code; one handler renders them all."""

import logging
import uuid
from collections.abc import Mapping

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from proteinx.contracts.errors import ErrorBody
from proteinx.contracts.phrases import Words, told

log = logging.getLogger(__name__)


class AppError(Exception):
    status = 500

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        field: str | None = None,
        status: int | None = None,
        headers: Mapping[str, str] | None = None,
        job: str | None = None,
    ) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.field = field
        self.job = job
        self.status = status or self.status
        self.headers = dict(headers or {})


class BadRequest(AppError):
    status = 400


class Unauthorized(AppError):
    status = 401


class Forbidden(AppError):
    status = 403


class NotFound(AppError):
    status = 404


class Conflict(AppError):
    status = 409


class Gone(AppError):
    """A fenced attempt: whoever gets it stops and throws its work away."""

    status = 410


class TooLarge(AppError):
    status = 413


class Unprocessable(AppError):
    status = 422


class UpgradeRequired(AppError):
    status = 426


class TooManyRequests(AppError):
    status = 429


class Unavailable(AppError):
    """Something the master needs is away; the caller tries again."""

    status = 503

    def __init__(self, code: str, detail: str, *, retry_after: int = 2, job: str | None = None) -> None:
        super().__init__(code, detail, headers={"Retry-After": str(retry_after)}, job=job)


class NoSpace(AppError):
    status = 507


def render(error: AppError, words: Words | None = None) -> JSONResponse:
    """`words`: of the detail, where it is no phrase as a whole."""
    known = words or told(error.detail)
    body = ErrorBody(error=error.code, detail=error.detail, field=error.field, words=known, job=error.job)
    content = body.model_dump(exclude={name for name in ("words", "job") if getattr(body, name) is None})
    return JSONResponse(content, status_code=error.status, headers=error.headers)


async def _app_error(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, AppError)  # noqa: S101  registered for this type only
    return render(error)


async def _invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    first = error.errors()[0]
    place = () if first["type"] == "json_invalid" else first["loc"][1:]  # the first part says body, query or path
    field = ".".join(str(part) for part in place) or None
    detail = f"{field}: {first['msg']}" if field else str(first["msg"])
    return render(Unprocessable("invalid_request", detail, field=field), told(str(first["msg"])))


async def _http(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101
    codes = {404: "not_found", 405: "method_not_allowed"}
    code = codes.get(error.status_code, "http_error")
    return render(AppError(code, str(error.detail), status=error.status_code, headers=error.headers))


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    ticket = uuid.uuid4().hex[:12]
    log.error("unexpected error %s at %s %s", ticket, request.method, request.url.path, exc_info=error)
    return render(AppError("internal_error", f"The master failed; its log has the details under {ticket}. Try again."))


def install(app: FastAPI) -> None:
    app.add_exception_handler(AppError, _app_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)
