"""Routes that commit where their work ends: in the same thread, before anything else of the request needs one.

FastAPI checks a plain function's reply in the thread pool, and ends what the function depends on after that. Were the
transaction still open then, a writer would wait for a thread while all threads wait for the writer.
"""

import functools
import inspect
from collections.abc import Callable
from typing import Any

from fastapi.routing import APIRoute
from sqlalchemy.orm import Session

from app.deps import WriteSession


class CommittingRoute(APIRoute):
    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, _committing(endpoint), **options)


def session_parameter(endpoint: Callable[..., Any]) -> str | None:
    """The name of the parameter that is a writing session."""
    parameters = inspect.signature(endpoint).parameters.values()
    return next((one.name for one in parameters if one.annotation == WriteSession), None)


def _committing(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    name = session_parameter(endpoint)
    if name is None or hasattr(endpoint, "commits"):
        return endpoint

    @functools.wraps(endpoint)
    def run(*arguments: Any, **named: Any) -> Any:
        reply = endpoint(*arguments, **named)
        session: Session = named[name]
        session.commit()
        return reply

    run.commits = True  # type: ignore[attr-defined]  # a router that is included makes its routes anew
    return run
