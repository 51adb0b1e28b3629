from fastapi import APIRouter

from app.deps import MasterDep
from app.monitoring import health
from proteinx.contracts.system import Health

router = APIRouter(tags=["system"])


@router.head("/health", include_in_schema=False)
@router.get("/health")
def read_health(master: MasterDep) -> Health:
    """The one route that needs no credential: it says which parts work, and nothing of what they hold."""
    return health.check(master)
