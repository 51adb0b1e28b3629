from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from app.accounts.authorize import Action, authorize
from app.deps import CurrentUser, MasterDep
from app.monitoring import health
from proteinx.contracts.system import Health

router = APIRouter(tags=["system"])


@router.head("/health", include_in_schema=False)
@router.get("/health")
def read_health(master: MasterDep) -> Health:
    """The one route that needs no credential: it says which parts work, and nothing of what they hold."""
    return health.check(master)


metrics_router = APIRouter(include_in_schema=False)


@metrics_router.get("/metrics")
def read_metrics(actor: CurrentUser, request: Request) -> Response:
    authorize(actor, Action.VIEW)
    return Response(generate_latest(request.app.state.metrics), media_type=CONTENT_TYPE_LATEST)
