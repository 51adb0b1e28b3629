"""Finds datasets and their versions; what was deleted is not found."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.errors import BadRequest, NotFound
from app.models import Dataset, DatasetVersion, User
from app.nearest import hint
from proteinx.contracts.datasets import ColumnNames, DatasetView, FileView, VersionView
from proteinx.contracts.pages import Page

_ALIVE = DatasetVersion.deleted_at.is_(None)


def page(session: Session, *, search: str | None, cursor: str | None, limit: int) -> Page[DatasetView]:
    """Newest datasets first. Raises BadRequest for a cursor that is none."""
    alive = select(DatasetVersion.dataset_id).where(_ALIVE)
    query = select(Dataset).where(Dataset.id.in_(alive))
    if search:
        query = query.where(Dataset.name.icontains(search, autoescape=True))
    total = session.scalar(select(func.count()).select_from(query.subquery()))
    if cursor is not None:
        last = session.get(Dataset, cursor)
        if last is None:
            raise BadRequest("bad_cursor", "Give `cursor` as the last page's `next` had it.", field="cursor")
        earlier = (Dataset.created_at == last.created_at) & (Dataset.id < last.id)
        query = query.where((Dataset.created_at < last.created_at) | earlier)
    rows = list(session.scalars(query.order_by(Dataset.created_at.desc(), Dataset.id.desc()).limit(limit + 1)))
    items = views(session, rows[:limit])
    return Page(items=items, next=rows[limit - 1].id if len(rows) > limit else None, total=total)


def views(session: Session, datasets: Sequence[Dataset]) -> list[DatasetView]:
    ids = [dataset.id for dataset in datasets]
    counted = (
        select(DatasetVersion.dataset_id, func.count().label("count"), func.max(DatasetVersion.number).label("newest"))
        .where(DatasetVersion.dataset_id.in_(ids), _ALIVE)
        .group_by(DatasetVersion.dataset_id)
        .subquery()
    )
    is_newest = (DatasetVersion.dataset_id == counted.c.dataset_id) & (DatasetVersion.number == counted.c.newest)
    rows = session.execute(select(DatasetVersion, counted.c.count).join(counted, is_newest))
    latest = {version.dataset_id: (version, count) for version, count in rows}
    owners = session.execute(select(User.id, User.name).where(User.id.in_([dataset.owner_id for dataset in datasets])))
    names = {owner.id: owner.name for owner in owners}
    return [
        DatasetView(
            name=dataset.name,
            description=dataset.description,
            owner=names[dataset.owner_id],
            versions=latest[dataset.id][1],
            latest=version_view(dataset, latest[dataset.id][0]),
            created_at=dataset.created_at,
        )
        for dataset in datasets
    ]


def version_view(dataset: Dataset, version: DatasetVersion) -> VersionView:
    return VersionView(
        dataset=dataset.name,
        number=version.number,
        filename=version.filename,
        kind=version.kind,
        sha256=version.sha256,
        size=version.size,
        rows=version.rows,
        columns=ColumnNames.model_validate(version.columns),
        files=[FileView.model_validate(file) for file in version.files],
        report=version.report,
        lineage=version.lineage,
        created_by=version.created_by,
        created_at=version.created_at,
    )


def by_name(session: Session, name: str) -> Dataset | None:
    """Also one whose versions are all deleted: its numbers go on where they stopped."""
    return session.scalars(select(Dataset).where(Dataset.name == name)).one_or_none()


def newest(session: Session, dataset: Dataset) -> DatasetVersion | None:
    rows = select(DatasetVersion).where(DatasetVersion.dataset_id == dataset.id, _ALIVE)
    return session.scalars(rows.order_by(DatasetVersion.number.desc()).limit(1)).one_or_none()


def require(session: Session, name: str, number: int | None = None) -> tuple[Dataset, DatasetVersion]:
    """The version, or the newest. Raises NotFound naming the nearest dataset, or the versions there are."""
    dataset = by_name(session, name)
    latest = newest(session, dataset) if dataset else None
    if dataset is None or latest is None:
        known = session.scalars(select(Dataset.name).join(DatasetVersion).where(_ALIVE).distinct())
        raise NotFound("unknown_dataset", f"There is no dataset {name!r}.{hint(name, known)}")
    version = latest if number is None else session.get(DatasetVersion, (dataset.id, number))
    if version is None or version.deleted_at is not None:
        raise NotFound("unknown_version", f"{name} has no version {number}; the newest is {latest.number}.")
    return dataset, version


def with_content(session: Session, sha256: str) -> list[VersionView]:
    """Versions of one file with this digest, the newest first."""
    found = session.execute(
        select(Dataset, DatasetVersion)
        .join(DatasetVersion, DatasetVersion.dataset_id == Dataset.id)
        .where(DatasetVersion.sha256 == sha256, _ALIVE)
        .order_by(DatasetVersion.created_at.desc())
        .limit(100)
    )
    return [version_view(dataset, version) for dataset, version in found if len(version.files) == 1]


def live_versions(session: Session, dataset: Dataset) -> list[DatasetVersion]:
    rows = select(DatasetVersion).where(DatasetVersion.dataset_id == dataset.id, _ALIVE)
    return list(session.scalars(rows.order_by(DatasetVersion.number)))
