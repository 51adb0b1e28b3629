"""Signs MLflow's own calls to the master with what `px login` stored, so that no token need be in the environment."""

import os
from typing import Final

from mlflow.tracking.request_header.abstract_request_header_provider import RequestHeaderProvider

_OWN_CREDENTIALS: Final = ("MLFLOW_TRACKING_TOKEN", "MLFLOW_TRACKING_USERNAME", "MLFLOW_TRACKING_AUTH")


class MasterCredentials(RequestHeaderProvider):  # type: ignore[misc]  # MLflow's classes are not followed
    """Only where the tracking server is the master that the person is signed in to, and MLflow has no credential."""

    def in_context(self) -> bool:
        return self._token() is not None

    def request_headers(self) -> dict[str, str]:
        token = self._token()
        return {"Authorization": f"Bearer {token}"} if token else {}

    @staticmethod
    def _token() -> str | None:
        if any(os.environ.get(name) for name in _OWN_CREDENTIALS):
            return None
        import mlflow

        uri = mlflow.get_tracking_uri()
        if not uri.startswith(("http://", "https://")):
            return None
        from proteinx.client import credentials  # here: most processes with MLflow never get this far
        from proteinx.mlflow_plugin.tracking import is_master

        try:
            known = credentials.load()
        except credentials.NotSignedIn:
            return None
        return known.token if is_master(uri, known.url) else None
