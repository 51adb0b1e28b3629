"""What the MLflow child serves: MLflow's own application behind a key that only the master has.

Loopback is open to every process of the machine, training jobs of a worker on the same host among them. The only
file that imports mlflow, and it runs in the child.
"""

import hmac
import os

from mlflow.server.fastapi_app import app as mlflow_app
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from app.tracking.key import HEADER, VARIABLE


class Keyed:
    def __init__(self, app: ASGIApp, key: str) -> None:
        self._app = app
        self._key = key.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        keys = [value for name, value in scope["headers"] if name == HEADER.lower().encode()]
        if scope["type"] != "http" or len(keys) != 1 or not hmac.compare_digest(keys[0], self._key):
            await PlainTextResponse("This is for the master alone; use its /mlflow.", 403)(scope, receive, send)
            return
        await self._app(scope, receive, send)


app = Keyed(mlflow_app, os.environ.pop(VARIABLE))
