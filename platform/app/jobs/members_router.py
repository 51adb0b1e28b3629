"""What agents ask and tell of their attempts."""

from typing import Annotated

from fastapi import APIRouter, Path

from app.committing import CommittingRoute
from app.deps import CurrentMember, CurrentNode, MasterDep, WriteSession
from app.jobs import claims, rendezvous, reports
from proteinx.contracts.jobs import Claim, Finish, JobSpec, Meeting, Ready, StateReport

router = APIRouter(route_class=CommittingRoute)

JobId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]


@router.post("/jobs/{job_id}/attempts/{number}/claim")
def claim_attempt(job_id: JobId, number: int, request: Claim, node: CurrentNode, master: MasterDep) -> JobSpec:
    return claims.claim(master, node, job_id, number, request)


@router.post("/jobs/{job_id}/attempts/{number}/rendezvous")
def meet(job_id: JobId, number: int, request: Ready, member: CurrentMember, session: WriteSession) -> Meeting:
    return rendezvous.meet(session, member, job_id, number, request)


@router.post("/jobs/{job_id}/attempts/{number}/state", status_code=204)
def report_state(
    job_id: JobId, number: int, request: StateReport, member: CurrentMember, session: WriteSession
) -> None:
    reports.report(session, member, job_id, number, request)


@router.post("/jobs/{job_id}/attempts/{number}/finish", status_code=204)
def finish_attempt(
    job_id: JobId, number: int, request: Finish, member: CurrentMember, session: WriteSession, master: MasterDep
) -> None:
    reports.finish(session, master, member, job_id, number=number, end=request)
