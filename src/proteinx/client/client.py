"""The whole SDK behind one object, one attribute a noun."""

from types import TracebackType
from typing import Self

from proteinx.client import credentials
from proteinx.client.accounts import Accounts
from proteinx.client.datasets import Datasets
from proteinx.client.endpoints import Endpoints
from proteinx.client.jobs import Jobs
from proteinx.client.live import Follower
from proteinx.client.models import Models
from proteinx.client.nodes import Nodes
from proteinx.client.notifications import Notifications
from proteinx.client.projects import Projects
from proteinx.client.retry import Retry
from proteinx.client.runs import Runs
from proteinx.client.sweeps import Sweeps
from proteinx.client.system import System
from proteinx.client.transport import Transport


class Client:
    """Safe for use from several threads."""

    def __init__(self, url: str, token: str | None = None, *, retry: Retry | None = None) -> None:
        self.transport = Transport(url, token, retry=retry)
        self.accounts = Accounts(self.transport)
        self.datasets = Datasets(self.transport)
        self.endpoints = Endpoints(self.transport)
        self.jobs = Jobs(self.transport)
        self.models = Models(self.transport)
        self.nodes = Nodes(self.transport)
        self.notifications = Notifications(self.transport)
        self.projects = Projects(self.transport)
        self.runs = Runs(self.transport)
        self.sweeps = Sweeps(self.transport)
        self.system = System(self.transport)

    @property
    def url(self) -> str:
        return self.transport.url

    @property
    def mlflow_url(self) -> str:
        """Tracking URI for MLflow clients, with this client's token as MLFLOW_TRACKING_TOKEN."""
        return f"{self.transport.url}/mlflow"

    def follow(self, job_id: str, *, attempt: int = 1, offset: int = 0) -> Follower:
        return Follower(self.transport, job_id, attempt=attempt, offset=offset)

    def close(self) -> None:
        self.transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def connect(*, retry: Retry | None = None) -> Client:
    """A client for the master of the environment or of `px login`. Raises credentials.NotSignedIn."""
    known = credentials.load()
    return Client(known.url, known.token, retry=retry)
