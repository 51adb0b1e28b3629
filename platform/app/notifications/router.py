"""Notifications, for people."""

from typing import Annotated

from fastapi import APIRouter, Path

from app.committing import CommittingRoute
from app.deps import CurrentUser, Limit, MasterDep, ReadSession, WriteSession
from app.notifications import service
from proteinx.contracts.notifications import (
    DestinationCreate,
    DestinationMade,
    DestinationUpdate,
    DestinationView,
    NotificationView,
    TestResult,
)

router = APIRouter(tags=["notifications"], route_class=CommittingRoute)

DestinationId = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$")]


@router.get("/notifications")
def list_notifications(user: CurrentUser, session: ReadSession) -> list[DestinationView]:
    return service.all_of(session, user)


@router.post("/notifications", status_code=201)
def create_notification(
    request: DestinationCreate, user: CurrentUser, session: WriteSession, master: MasterDep
) -> DestinationMade:
    """The signing key of a webhook is in this reply only."""
    made = service.create(session, master, user, request)
    return DestinationMade(**service.view(made, user.name).model_dump(), signing_key=made.secret)


@router.put("/notifications/{destination_id}")
def change_notification(
    destination_id: DestinationId, request: DestinationUpdate, user: CurrentUser, session: WriteSession
) -> DestinationView:
    found = service.change(session, user, destination_id, request)
    return service.view(found, service.owner_name(session, found))


@router.delete("/notifications/{destination_id}", status_code=204)
def delete_notification(destination_id: DestinationId, user: CurrentUser, session: WriteSession) -> None:
    service.remove(session, user, destination_id)


@router.post("/notifications/{destination_id}/test")
def test_notification(destination_id: DestinationId, user: CurrentUser, master: MasterDep) -> TestResult:
    return service.try_out(master, user, destination_id)


@router.get("/notifications/{destination_id}/log")
def read_notification_log(
    destination_id: DestinationId, user: CurrentUser, session: ReadSession, limit: Limit = 50
) -> list[NotificationView]:
    return service.log_of(session, user, destination_id, limit)
