"""A job's files: checkpoints and artifacts in and out, inputs out."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from app.accounts.authorize import Action, authorize
from app.datasets import job_inputs
from app.deps import CurrentActor, CurrentMember, CurrentUser, MasterDep, ReadSession
from app.jobs import artifacts, checkpoints, fingerprint
from proteinx.contracts.jobs import ArtifactCommit, ArtifactView, CheckpointCommit, CheckpointView, Fingerprint

router = APIRouter(tags=["job files"])

Attempt = Annotated[int, Query(ge=1)]


@router.get("/jobs/{job_id}/fingerprint")
def read_fingerprint(job_id: str, user: CurrentUser, master: MasterDep) -> Fingerprint:
    """Digests of all that the job left, to compare it with a repetition."""
    authorize(user, Action.VIEW)
    return fingerprint.fingerprint(master, job_id)


@router.post("/jobs/{job_id}/checkpoints")
def commit_checkpoint(
    job_id: str, body: CheckpointCommit, attempt: Attempt, member: CurrentMember, master: MasterDep
) -> CheckpointView:
    return checkpoints.commit(master, member, job_id, attempt, body)


@router.get("/jobs/{job_id}/checkpoints")
def list_checkpoints(job_id: str, actor: CurrentActor, session: ReadSession) -> list[CheckpointView]:
    authorize(actor, Action.VIEW, job_id)
    return checkpoints.listing(session, job_id)


@router.get("/jobs/{job_id}/checkpoints/{step}/files/{path:path}")
def download_checkpoint(
    job_id: str,
    step: Annotated[int, Path(ge=0)],
    path: str,
    *,
    actor: CurrentActor,
    master: MasterDep,
    request: Request,
) -> Response:
    authorize(actor, Action.VIEW, job_id)
    return checkpoints.download(master, job_id, step, path, request.headers)


@router.post("/jobs/{job_id}/artifacts")
def commit_artifacts(
    job_id: str, body: ArtifactCommit, attempt: Attempt, member: CurrentMember, master: MasterDep
) -> list[ArtifactView]:
    return artifacts.commit(master, member, job_id, attempt, body)


@router.get("/jobs/{job_id}/artifacts")
def list_artifacts(job_id: str, actor: CurrentActor, session: ReadSession, master: MasterDep) -> list[ArtifactView]:
    authorize(actor, Action.VIEW, job_id)
    artifacts.require_job(session, job_id)
    return artifacts.listing(session, master, job_id)


@router.get("/jobs/{job_id}/artifacts/{path:path}")
def download_artifact(job_id: str, path: str, actor: CurrentActor, master: MasterDep, request: Request) -> Response:
    authorize(actor, Action.VIEW, job_id)
    return artifacts.download(master, job_id, path, request.headers)


@router.get("/jobs/{job_id}/inputs/{parameter}/{path:path}")
def download_input(
    job_id: str, parameter: str, path: str, *, member: CurrentMember, master: MasterDep, request: Request
) -> Response:
    authorize(member, Action.VIEW, job_id)
    return job_inputs.download(master, job_id, parameter, path, request.headers)
