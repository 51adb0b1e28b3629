"""Looking into the files of a dataset's version."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from app.accounts.authorize import Action, authorize
from app.datasets import browse, queries
from app.datasets.derived import Original, original
from app.deps import CurrentUser, MasterDep
from proteinx.contracts.records import AlignmentView, RecordPage, StructureView

router = APIRouter(prefix="/datasets/{name}/versions/{number}", tags=["datasets"])

Number = Annotated[int, Path(ge=1)]


def _original(
    name: str,
    number: Number,
    user: CurrentUser,
    master: MasterDep,
    path: Annotated[str | None, Query(max_length=1024, description="Which file; none = the first.")] = None,
) -> Original:
    """In a transaction of its own: making what is looked at may take longer than one may be open."""
    authorize(user, Action.VIEW)
    with master.db.read() as session:
        _, version = queries.require(session, name, number)
        return original(version, path)


OriginalDep = Annotated[Original, Depends(_original)]


def _wanted(
    search: Annotated[str | None, Query(max_length=2000)] = None,
    set: Annotated[str | None, Query(max_length=200)] = None,
    min_length: Annotated[int | None, Query(ge=0)] = None,
    max_length: Annotated[int | None, Query(ge=0)] = None,
    line: Annotated[list[int] | None, Query(max_length=100)] = None,
) -> browse.Wanted:
    return browse.Wanted(search, set, min_length, max_length, tuple(line or ()))


@router.get("/records")
def list_dataset_records(
    source: OriginalDep,
    master: MasterDep,
    wanted: Annotated[browse.Wanted, Depends(_wanted)],
    offset: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> RecordPage:
    return browse.records(master, source, wanted, offset=offset, limit=limit)


@router.get("/alignment")
def read_dataset_alignment(source: OriginalDep, master: MasterDep) -> AlignmentView:
    return browse.alignment(master, source)


@router.get("/structure")
def read_dataset_structure(source: OriginalDep, master: MasterDep) -> StructureView:
    return browse.structure(master, source)
