"""Holds a sweep against its project before anything is made: each value of the space is tried in the config."""

from typing import Final

from pydantic import ValidationError

from app.accounts.actor import UserActor
from app.errors import AppError, Unprocessable
from app.jobs import service as jobs
from app.master import Master
from app.models import Snapshot
from app.projects import entry_points
from app.projects.service import resolve_snapshot
from app.sweeps import points
from proteinx.contracts.jobs import JobCheck, JobCreate
from proteinx.contracts.mlproject import OVERRIDES, PATH_TYPE
from proteinx.contracts.sweeps import MAX_TRIALS, SweepCreate

MOST_PROBES: Final = 300
PARAMETER: Final = "parameters."


def pinned(master: Master, user: UserActor, request: SweepCreate) -> SweepCreate:
    """The request with code and data pinned. Raises Unprocessable naming the key, and what a job would raise."""
    _check_space(request)
    _check_finals(request)
    with master.db.write() as session:
        _, snapshot = resolve_snapshot(session, master, request.job.project, request.job.snapshot)
        declared = parameter_names(snapshot, request.job.entry_point)
    plan = request
    for number, (key, point) in enumerate(points.probes(request.space)):
        found = _try(master, user, plan, points.request(plan, declared, point, ""), key if number else "")
        if number == 0:
            pins = {"snapshot": found.snapshot, "inputs": found.inputs, "idempotency_key": None}
            plan = plan.model_copy(update={"job": plan.job.model_copy(update=pins)})
            first = points.request(plan, declared, point, "")
    if plan.seeds:
        _try(master, user, plan, points.seeded(plan, declared, first, plan.seeds[0]), "")
    return plan


def parameter_names(snapshot: Snapshot, entry_point: str) -> list[str]:
    """Of the MLproject's parameters those that a trial may set. Raises Unprocessable for an unknown entry point."""
    found = entry_points.find(snapshot, entry_point).parameters
    return [one.name for one in found if one.type != PATH_TYPE and one.name != OVERRIDES]


def _check_space(request: SweepCreate) -> None:
    if not request.space:
        raise Unprocessable("empty_space", "The space names no key, so there is no point to try.", field="space")
    for override in request.job.overrides:
        key = override.partition("=")[0].lstrip("+~")
        if key in request.space:
            raise _doubled(key, "the overrides")
    for key, dimension in request.space.items():
        if key in request.job.parameters:
            raise _doubled(key, "the parameters")
        if request.sampler == "grid" and dimension.points() is None:
            told = f"A grid needs steps: give {key} a `step` or `values`, or take random or tpe."
            raise Unprocessable("no_grid", told, field=f"space.{key}")
    there = points.size(request.space)
    if request.sampler == "grid" and request.max_trials is None and there is not None and there > MAX_TRIALS:
        told = f"The grid has {there} points, {MAX_TRIALS} is the most; make it coarser, or give max_trials."
        raise Unprocessable("grid_too_large", told, field="space")
    if sum(1 for _ in points.probes(request.space)) > MOST_PROBES:
        raise Unprocessable("space_too_large", f"The space has over {MOST_PROBES} values to check.", field="space")


def _doubled(key: str, place: str) -> Unprocessable:
    told = f"{key} is in the space and among {place}; leave one of them out."
    return Unprocessable("doubled_key", told, field=f"space.{key}")


def _check_finals(request: SweepCreate) -> None:
    if bool(request.seeds) != bool(request.finalists):
        told = "Finals need both: how many finalists, and the seeds that each runs with."
        raise Unprocessable("half_finals", told, field="seeds" if request.finalists else "finalists")
    if len(set(request.seeds)) != len(request.seeds):
        raise Unprocessable("doubled_seed", "`seeds` names one of them twice.", field="seeds")
    if request.seeds and request.seed_key in request.space:
        told = f"{request.seed_key} is in the space; the finals can't set it too."
        raise Unprocessable("doubled_key", told, field="seed_key")


def _try(master: Master, user: UserActor, plan: SweepCreate, job: JobCreate, key: str) -> JobCheck:
    """Raises what the job itself would be refused with, naming the key of the space that is to blame."""
    try:
        return jobs.check(master, user, JobCreate.model_validate(job.model_dump()))
    except ValidationError as error:
        raise Unprocessable("invalid_request", str(error.errors()[0]["msg"]), field="job") from error
    except AppError as error:
        if error.status != Unprocessable.status:
            raise
        named = (error.field or "").removeprefix(PARAMETER)
        blamed = named if named in plan.space else key
        field = f"space.{blamed}" if blamed else error.field
        raise Unprocessable(error.code, error.detail, field=field) from error
