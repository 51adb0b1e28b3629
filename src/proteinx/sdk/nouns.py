"""What there is at the master, as tables: datasets, models, nodes, jobs, projects."""

from pathlib import Path
from typing import Any

from proteinx.client import prediction
from proteinx.client.binding import dataset_name
from proteinx.client.wishes import Wishes
from proteinx.contracts.datasets import VersionView
from proteinx.contracts.models import ModelVersionView
from proteinx.sdk.connection import master
from proteinx.sdk.job import Job
from proteinx.sdk.progress import transfer
from proteinx.sdk.tables import Rows, as_frame


class _Datasets:
    """`proteinx.datasets`."""

    def upload(
        self, path: Path | str, name: str | None = None, *, description: str = "", **columns: str
    ) -> VersionView:
        """Makes the file the newest version; the same content again gives the version there is.

        `columns`: sequence, target, set, id, validation: which column of a table is which, where their names don't
        tell. Raises ApiError with line and reason for a file that breaks a rule.
        """
        source = Path(path)
        with transfer(source.name, source.stat().st_size) as progress:
            return master().datasets.upload(
                name or dataset_name(source.name.split(".")[0]),
                source,
                columns=Wishes.parse({"columns": columns}).columns,
                description=description,
                progress=progress,
            )

    def __call__(self, search: str | None = None) -> Rows:
        found = master().datasets.page(limit=500, search=search).items
        return Rows(
            (
                {
                    "name": one.name,
                    "versions": one.versions,
                    "kind": one.latest.kind if one.latest else None,
                    "rows": one.latest.rows if one.latest else None,
                    "owner": one.owner,
                    "description": one.description,
                }
                for one in found
            ),
            empty="no datasets yet; proteinx.datasets.upload(path) makes one",
        )


class _Models:
    """`proteinx.models`."""

    def register(self, name: str, job: Job | str) -> ModelVersionView:
        """The model that the job logged, as the newest version of `name`."""
        return master().models.register(name, job.id if isinstance(job, Job) else job)

    def __call__(self, name: str | None = None) -> Rows:
        """All models with their newest version, or all versions of one."""
        client = master()
        found = client.models.versions(name) if name else [one.latest for one in client.models.all() if one.latest]
        return Rows(
            (
                {"model": one.name, "version": one.version, "aliases": ", ".join(one.aliases), "uri": one.uri}
                for one in found
            ),
            empty="no models yet; job.register(name) makes one",
        )


datasets = _Datasets()
models = _Models()


def nodes() -> Rows:
    """The worker machines, with what each has free."""
    return Rows(
        (
            {
                "name": one.name,
                "state": one.state.value if one.state.value != "active" else one.health.value,
                "cpus free": f"{one.cpus_free:g} of {one.info.cpus}",
                "memory free": f"{one.memory_free_bytes / 2**30:.1f} of {one.info.memory_bytes / 2**30:.1f} GiB",
                "gpus free": f"{one.gpus_free} of {len(one.info.gpus)}",
                "gpu": ", ".join(sorted({gpu.name for gpu in one.info.gpus})),
                "jobs": len(one.jobs),
            }
            for one in master().nodes.all()
        ),
        empty="no worker has joined yet",
    )


def jobs(limit: int = 50, **filters: str | None) -> Rows:
    """The newest first. `filters`: state, owner, project, experiment, node, search."""
    return Rows(
        (
            {
                "id": one.id,
                "name": one.name,
                "state": one.state.value,
                "project": one.project,
                "owner": one.owner,
                "created": f"{one.created_at:%Y-%m-%d %H:%M}",
                **{key: value for key, value in one.metrics.items() if not key.startswith("system/")},
            }
            for one in master().jobs.page(limit=limit, **filters).items
        ),
        empty="no jobs yet",
    )


def job(reference: str) -> Job:
    """By id, the beginning of one, or name. Raises LookupError."""
    client = master()
    return Job(client.jobs.resolve(reference), client)


def predict(model: str, source: str | Path | list[str], *, gpus: int = 0, quiet: bool = False) -> Any:
    """Predictions of a registered model (`NAME`, `NAME@2`, `NAME@champion`) as a DataFrame, one row a sequence.

    `source`: a FASTA or CSV file, one sequence, or a list of them. It is a job on a worker; its log is shown unless
    `quiet`. Raises JobFailed, ApiError, BadInput.
    """
    client = master()
    given = source if isinstance(source, Path | list) else prediction.file_named(source) or [source]
    reference = prediction.model_reference(client, model)
    made = Job(prediction.start(client, reference, given, gpus=gpus).id, client)
    _ = made.wait() if quiet else made.follow()
    return as_frame(Rows(_typed(row) for row in prediction.fetch(client, made.id)))


def _typed(row: dict[str, str]) -> dict[str, Any]:
    """Numbers as numbers."""
    return {key: _number(value) for key, value in row.items()}


def _number(text: str) -> str | float:
    try:
        return float(text)
    except ValueError:
        return text
