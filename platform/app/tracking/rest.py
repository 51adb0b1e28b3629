"""MLflow's REST API as the master calls it: plain HTTP, since importing mlflow costs a second and 100 MB."""

import logging
from collections.abc import Callable, Mapping
from typing import Any, Final

import httpx

from app.errors import Unavailable
from app.tracking.server import PREFIX, Upstream
from proteinx.contracts.protocol import IDLE_CONNECTION_SECONDS

log = logging.getLogger(__name__)
TIMEOUT: Final = httpx.Timeout(30.0, connect=2.0)


class MlflowError(Exception):
    """MLflow answered with an error: its code (`RESOURCE_DOES_NOT_EXIST`, ...) and message."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"MLflow answered {status} {code}: {message}")
        self.status = status
        self.code = code


class Rest:
    """Calls below `/api/2.0/mlflow/`. Raises Unavailable("mlflow_unavailable") while the server is away."""

    def __init__(self, upstream: Callable[[], Upstream | None]) -> None:
        self._upstream = upstream
        self._http = httpx.Client(
            timeout=TIMEOUT, limits=httpx.Limits(keepalive_expiry=IDLE_CONNECTION_SECONDS), trust_env=False
        )

    def close(self) -> None:
        self._http.close()

    def get(self, path: str, **query: str | int) -> dict[str, Any]:
        return self._call("GET", path, params=query)

    def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        return self._call("POST", path, json=body)

    def patch(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        return self._call("PATCH", path, json=body)

    def delete(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        return self._call("DELETE", path, json=body)

    def _call(self, method: str, path: str, **arguments: Any) -> dict[str, Any]:
        upstream = self._upstream()
        if upstream is None:
            raise Unavailable("mlflow_unavailable", "MLflow starts once an admin has set the workdir.")
        url = f"{upstream.url}{PREFIX}/api/2.0/mlflow/{path}"
        try:
            reply = self._http.request(method, url, headers=dict(upstream.headers), **arguments)
        except httpx.TransportError as error:
            log.warning("MLflow does not answer %s %s: %s", method, path, error)
            raise Unavailable("mlflow_unavailable", "MLflow does not answer; try again in a moment.") from error
        if reply.status_code >= 500:
            log.error("MLflow answered %s to %s %s: %s", reply.status_code, method, path, reply.text[:500])
            raise Unavailable("mlflow_unavailable", "MLflow failed; its log in the state folder has the details.")
        if reply.status_code >= 400:
            raise _error(reply)
        answer: dict[str, Any] = reply.json()
        return answer


def _error(reply: httpx.Response) -> MlflowError:
    try:
        body = reply.json()
    except ValueError:
        return MlflowError(reply.status_code, "UNKNOWN", reply.text[:300])
    return MlflowError(reply.status_code, str(body.get("error_code")), str(body.get("message"))[:1000])
