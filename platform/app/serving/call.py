"""One request from its arrival to its answer, as the steps on its way see it."""

from dataclasses import dataclass

from app.accounts.actor import UserActor
from app.master import Master
from app.serving.exchange import Exchange
from proteinx.contracts.models import ModelVersionView
from proteinx.contracts.serving import Asked, ServingSettings


@dataclass(frozen=True, slots=True)
class Call:
    master: Master
    exchange: Exchange
    user: UserActor
    limits: ServingSettings
    version: ModelVersionView
    asked: Asked
    until: float
    """Until when it waits for an endpoint that starts; monotonic."""

    @property
    def model(self) -> str:
        return f"{self.version.name}@{self.version.version}"
