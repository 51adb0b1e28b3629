"""Where the members of a job over several machines meet: nobody starts before all are ready.

Rank 0 listens on its own machine, on a port that its agent chose for this attempt, so that ghosts of an earlier attempt
can't join.
"""

from typing import Any

from sqlalchemy.orm import Session

from app.accounts.actor import MemberActor
from app.jobs import attempts, scene
from proteinx.contracts.jobs import Meeting, Ready

_KEY = "ready"


def meet(session: Session, actor: MemberActor, job_id: str, number: int, request: Ready) -> Meeting:
    """Notes that the member is ready, and says where to go once all are. Raises Gone, Forbidden."""
    scene.identify(actor, job_id, number, request.rank)
    here = scene.load(session, actor)
    scene.fence(here)
    here.member.detail = here.member.detail | {_KEY: {"address": request.address, "port": request.port}}
    session.flush()
    members = attempts.members_of(session, here.attempt)
    told: list[dict[str, Any] | None] = [member.detail.get(_KEY) for member in members]
    waiting = [member.rank for member, said in zip(members, told, strict=True) if said is None]
    first = told[0]
    if waiting or first is None:
        return Meeting(ready=False, waiting_for=waiting)
    return Meeting(ready=True, address=first["address"], port=first["port"])
