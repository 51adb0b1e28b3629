"""Runs beside each other."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.accounts.authorize import Action, authorize
from app.comparing import paired, runs
from app.deps import CurrentUser, MasterDep
from proteinx.contracts.runs import ComparedRun, PairedTest

router = APIRouter(prefix="/runs", tags=["runs"])

JobId = Annotated[str, Query(pattern=r"^[0-9a-f]{32}$")]


@router.get("/compare")
def compare_runs(
    ids: Annotated[str, Query(pattern=rf"^[0-9a-f]{{32}}(,[0-9a-f]{{32}}){{0,{runs.MOST - 1}}}$")],
    user: CurrentUser,
    master: MasterDep,
) -> list[ComparedRun]:
    """`ids`: of up to five hundred jobs, with commas between them."""
    authorize(user, Action.VIEW)
    return runs.compare(master, ids.split(","))


@router.get("/paired")
def test_pair(
    first: JobId,
    second: JobId,
    user: CurrentUser,
    master: MasterDep,
    split: Annotated[str, Query(pattern="^(train|val|test)$")] = "test",
) -> PairedTest:
    """Each score of the first run against the second's, on the same rows."""
    authorize(user, Action.VIEW)
    return paired.test(master, first, second, split)
