"""`px jobs`, `px cancel`, `px retry`, `px release`."""

from typing import Annotated

import typer

from proteinx.cli.output import AsJson, ago, duration, note, print_fields, print_json, print_table, size
from proteinx.client import Client, connect
from proteinx.contracts.jobs import AttemptView, JobDetail, JobView

app = typer.Typer(add_completion=False, invoke_without_command=True)

Reference = Annotated[str, typer.Argument(metavar="JOB", help="Its id, the beginning of it, or its name.")]
References = Annotated[list[str], typer.Argument(metavar="JOB...", help="Ids, beginnings of ids, or names.")]


@app.callback()
def _default(ctx: typer.Context, as_json: AsJson = False) -> None:
    if ctx.invoked_subcommand is None:
        list_(as_json=as_json)


@app.command("list")
def list_(
    state: Annotated[str | None, typer.Option(help="pending, running, failed, ...")] = None,
    project: Annotated[str | None, typer.Option(help="Only of this project.")] = None,
    experiment: Annotated[str | None, typer.Option(help="Only of this experiment.")] = None,
    owner: Annotated[str | None, typer.Option(help="Only of this person.")] = None,
    name: Annotated[str | None, typer.Option(help="Part of the name.")] = None,
    trashed: Annotated[bool, typer.Option("--trashed", help="Those in the trash.")] = False,
    by: Annotated[str | None, typer.Option(metavar="METRIC", help="In the order of a metric's last value.")] = None,
    most: Annotated[bool, typer.Option("--most", help="With --by: the most first, not the least.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=500)] = 30,
    as_json: AsJson = False,
) -> None:
    """List jobs, the newest first."""
    with connect() as master:
        page = master.jobs.page(
            limit=limit,
            state=state,
            project=project,
            experiment=experiment,
            owner=owner,
            search=name,
            trashed=trashed or None,
            metric=by,
            most_first=most or None,
        )
    if as_json:
        print_json(page.items)
        return
    measured = (by.upper(),) if by else ()
    rows = [
        (
            job.id[:12],
            job.name,
            job.state.value,
            *([f"{job.metrics[by]:.6g}"] if by else []),
            job.attempt or "-",
            job.owner,
            _took(job),
            ago(job.created_at),
        )
        for job in page.items
    ]
    print_table(
        ("ID", "NAME", "STATE", *measured, "ATTEMPT", "OWNER", "TOOK", "CREATED"),
        rows,
        "No jobs; `px submit PROJECT` makes one.",
    )


@app.command()
def show(job: Reference, as_json: AsJson = False) -> None:
    """Show a job with its attempts and last metrics."""
    with connect() as master:
        detail = master.jobs.get(master.jobs.resolve(job))
        url = master.url
    if as_json:
        print_json(detail)
        return
    print_job(detail, url)


@app.command()
def trash(jobs: References, as_json: AsJson = False) -> None:
    """Move ended jobs and their runs to the trash; their files are removed after a while."""
    with connect() as master:
        done = [master.jobs.trash(master.jobs.resolve(job)) for job in jobs]
    _report(done, as_json)


@app.command()
def restore(jobs: References, as_json: AsJson = False) -> None:
    """Take jobs back from the trash, by their ids."""
    with connect() as master:
        done = [master.jobs.restore(_in_trash(master, job)) for job in jobs]
    _report(done, as_json)


def _in_trash(master: Client, reference: str) -> str:
    found = [job.id for job in master.jobs.page(limit=500, trashed=True).items]
    found = [job_id for job_id in found if job_id.startswith(reference)]
    if len(found) != 1:
        raise LookupError(f"{reference!r} is the id of no one job in the trash; `px jobs list --trashed` lists them.")
    return found[0]


@app.command()
def events(job: Reference, as_json: AsJson = False) -> None:
    """List all that has happened to a job, with who did it and why."""
    with connect() as master:
        items = master.jobs.events(master.jobs.resolve(job))
    if as_json:
        print_json(items)
        return
    rows = [
        (
            f"{event.at:%Y-%m-%d %H:%M:%S}",
            event.attempt if event.attempt is not None else "-",
            event.kind,
            f"{event.from_state or ''} -> {event.to_state}" if event.to_state else "",
            event.actor,
            event.reason,
        )
        for event in items
    ]
    print_table(("TIME (UTC)", "ATTEMPT", "WHAT", "MOVE", "WHO", "WHY"), rows, "Nothing has happened yet.")


@app.command()
def explain(job: Reference, as_json: AsJson = False) -> None:
    """Say why a job waits, node by node."""
    with connect() as master:
        answer = master.jobs.explain(master.jobs.resolve(job))
    if as_json:
        print_json(answer)
        return
    place = f"{answer.position} of {answer.waiting}" if answer.position else None
    starts = f"{answer.starts_at:%Y-%m-%d %H:%M} UTC at the latest" if answer.starts_at else None
    print_fields(
        [("State", answer.state.value), ("Why", answer.summary), ("Place in queue", place), ("Starts", starts)]
    )
    if answer.nodes:
        print_table(("NODE", "REASON"), answer.nodes.items(), "")


def cancel(jobs: References, as_json: AsJson = False) -> None:
    """What runs gets TERM and, after its grace period, KILL; checkpoints stay."""
    with connect() as master:
        done = [master.jobs.cancel(master.jobs.resolve(job)) for job in jobs]
    _report(done, as_json)


def retry(job: Reference, as_json: AsJson = False) -> None:
    """The old job stays as it is; the new one names it as its parent."""
    with connect() as master:
        made = master.jobs.retry(master.jobs.resolve(job))
    _report([made], as_json)


def release(jobs: References, as_json: AsJson = False) -> None:
    """A job is held when the machines, not its code, failed it too often."""
    with connect() as master:
        done = [master.jobs.release(master.jobs.resolve(job)) for job in jobs]
    _report(done, as_json)


def print_job(job: JobDetail, url: str) -> None:
    print_fields(
        [
            ("Job", job.id),
            ("Name", job.name),
            ("State", f"{job.state.value}{': ' + job.reason if job.reason else ''}"),
            ("Project", f"{job.project} ({job.entry_point}), snapshot {job.snapshot[:12]}"),
            ("Inputs", ", ".join(f"{key}={value}" for key, value in job.inputs.items())),
            ("Parameters", ", ".join(f"{key}={value}" for key, value in job.parameters.items())),
            ("Overrides", " ".join(job.overrides)),
            ("Experiment", job.experiment),
            ("Owner", job.owner),
            ("Wants", _wants(job)),
            ("Runs in", _runs_in(job)),
            ("Created", ago(job.created_at)),
            ("Took", _took(job)),
            ("Retry of", job.parent_job),
            ("Notes", job.notes),
            ("Metrics", ", ".join(f"{key}={value:.6g}" for key, value in sorted(job.metrics.items()))),
            ("Model", f"{job.register_as}@{job.registered_version}" if job.registered_version else None),
            ("In MLflow", f"{url}/mlflow/#/experiments/{job.experiment_id}/runs/{job.id}"),
        ]
    )
    if job.attempts:
        print_table(("ATTEMPT", "STATE", "NODE", "EXIT", "REASON"), [_attempt_row(item) for item in job.attempts], "")
    last = job.attempts[-1] if job.attempts else None
    if last is not None and last.last_lines:
        note("\nLast lines of the log:")
        note("\n".join(f"  {line}" for line in last.last_lines[-10:]))


def _attempt_row(attempt: AttemptView) -> tuple[object, ...]:
    nodes = ", ".join(member.node for member in attempt.members)
    state = f"{attempt.state.value} ({attempt.fault.value})" if attempt.fault else attempt.state.value
    return attempt.number, state, nodes, attempt.exit_code, attempt.reason


def _wants(job: JobView) -> str:
    wants = job.resources
    parts = [f"{wants.cpus:g} CPU", size(wants.memory)]
    if wants.gpus:
        parts.append(f"{wants.gpus} GPU")
    if wants.nodes > 1:
        parts.append(f"on each of {wants.nodes} nodes")
    return ", ".join(parts)


def _runs_in(job: JobDetail) -> str | None:
    """The environment of the newest attempt, and how it was started there."""
    told = [(member.environment, member.start) for attempt in job.attempts[-1:] for member in attempt.members]
    return "; ".join(f"{environment} ({start})" for environment, start in dict.fromkeys(told) if environment) or None


def _took(job: JobView) -> str:
    if job.started_at is None:
        return "-"
    if job.ended_at is None:
        return f"{ago(job.started_at).removesuffix(' ago')} so far"
    return duration((job.ended_at - job.started_at).total_seconds())


def _report(jobs: list[JobView], as_json: bool) -> None:
    if as_json:
        print_json(jobs)
        return
    for job in jobs:
        note(f"{job.id[:12]} {job.name}: {job.state.value}")
