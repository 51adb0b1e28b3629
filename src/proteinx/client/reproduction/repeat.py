"""Runs a job again from what is pinned, and compares what both left."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any, Final

from proteinx.client.client import Client
from proteinx.client.errors import ApiError
from proteinx.client.reproduction.verdict import ATOL, RTOL, Left, Verdict, judge
from proteinx.contracts.jobs import JobDetail, JobView
from proteinx.contracts.states import JobState

TAG: Final = "reproduces"
"""Of the repetition's run: the id of the job that it repeats. `<TAG>.verdict` says how that went."""
_SHOWN: Final = 20
_GONE: Final = frozenset(
    {"unknown_dataset", "unknown_version", "version_deleted", "unknown_model", "model_files_missing"}
)


class NotReproducible(ValueError):
    """There is nothing to repeat, or to compare with."""


@dataclass(frozen=True, slots=True)
class Comparison:
    first: str
    second: str
    verdict: Verdict
    same_environment: bool
    """Bit-equal is promised on the same packages and GPU model, elsewhere within tolerance."""
    environment: list[str]
    """What differs between the environments of the two."""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def start(master: Client, job_id: str) -> JobView:
    """A new job of the same snapshot, inputs, config and resources. Raises NotReproducible, ApiError."""
    job = master.jobs.get(job_id)
    _require_success(job)
    changes = {"name": f"again {job.name}"[:200], "tags": {**job.tags, TAG: job.id}, "register_as": None}
    with inputs_needed(job):
        return master.jobs.create(master.jobs.clone(job_id).model_copy(update=changes))


@contextmanager
def inputs_needed(job: JobView) -> Iterator[None]:
    """Raises NotReproducible where the master no longer has what the job was made from."""
    try:
        yield
    except ApiError as error:
        if error.code not in _GONE:
            raise
        pinned = ", ".join(f"{name}={reference}" for name, reference in job.inputs.items())
        raise NotReproducible(f"{job.name} was made from {pinned}, which is no longer there: {error.detail}") from error


def compare(master: Client, first: str, second: str, *, rtol: float = RTOL, atol: float = ATOL) -> Comparison:
    """What both left, and whether they had the same pins at all. The verdict is kept as tags of the second's run.

    Raises NotReproducible for a job that has not succeeded, or is compared with itself.
    """
    if first == second:
        raise NotReproducible("That is one and the same job; leave out --with to repeat it.")
    one, other = master.jobs.get(first), master.jobs.get(second)
    for job in (one, other):
        _require_success(job)
    verdict = judge(left(master, first), left(master, second), rtol, atol)
    pins = _pins(one, other)
    if pins:
        verdict = Verdict(verdict.verdict, verdict.compared, pins + verdict.differences)
    environment = _environment(one, other)
    master.runs.set_tag(second, TAG, first)
    master.runs.set_tag(second, f"{TAG}.verdict", verdict.verdict)
    if verdict.differences:
        master.runs.set_tag(second, f"{TAG}.differences", "\n".join(verdict.differences[:_SHOWN])[:5000])
    return Comparison(first, second, verdict, not environment, environment)


def left(master: Client, job_id: str) -> Left:
    metrics = {
        name: [(point.step, point.value) for point in master.runs.history(job_id, name)]
        for name in master.runs.latest_metrics(job_id)
        if not name.startswith("system/")
    }
    found = master.jobs.fingerprint(job_id)
    return Left(metrics, {**found.artifacts, **{f"model/{path}": digest for path, digest in found.model.items()}})


def _require_success(job: JobView) -> None:
    if job.state is not JobState.SUCCEEDED:
        raise NotReproducible(
            f"{job.name} ({job.id[:12]}) is {job.state.value}: only a job that succeeded can be compared. "
            f"`px retry {job.id[:12]}` runs it again."
        )


def _pins(one: JobDetail, other: JobDetail) -> list[str]:
    """Two jobs that were not to come to the same are told so."""
    return [
        f"they are not of the same {what}"
        for what, first, second in (
            ("code", (one.snapshot, one.entry_point), (other.snapshot, other.entry_point)),
            ("inputs", one.inputs, other.inputs),
            ("config", one.config or one.parameters, other.config or other.parameters),
            ("resources", one.resources, other.resources),
        )
        if first != second
    ]


def _environment(one: JobDetail, other: JobDetail) -> list[str]:
    first, second = (job.attempts[-1].environment if job.attempts else {} for job in (one, other))
    return [
        f"{name}: {first.get(name, 'none')} and {second.get(name, 'none')}"
        for name in sorted(first.keys() | second.keys())
        if first.get(name) != second.get(name)
    ]
