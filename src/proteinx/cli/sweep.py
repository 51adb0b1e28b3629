"""`px sweep`."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from proteinx.cli.exits import CommandError, Exit
from proteinx.cli.output import AsJson, ago, note, print_fields, print_json, print_table
from proteinx.cli.units import parse_duration, parse_pairs
from proteinx.client import Client, connect, sweep_plan
from proteinx.client.wishes import Wishes
from proteinx.contracts.jobs import JobCreate
from proteinx.contracts.sweeps import SWEEP_ENDS, SweepDetail, SweepState, SweepView, TrialView

FOLLOW_SECONDS = 1.0


class _FileFirst(TyperGroup):
    """`px sweep protein.yaml` stands for `px sweep create protein.yaml`."""

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        if args and args[0] not in self.commands and args[0].endswith((".yaml", ".yml")):
            args = ["create", *args]
        return super().resolve_command(ctx, args)


app = typer.Typer(cls=_FileFirst, add_completion=False, invoke_without_command=True)

Reference = Annotated[str, typer.Argument(metavar="SWEEP", help="Its id, the beginning of it, or its name.")]


@app.callback()
def _default(ctx: typer.Context, as_json: AsJson = False) -> None:
    if ctx.invoked_subcommand is None:
        list_(as_json=as_json)


@app.command()
def create(
    what: Annotated[str, typer.Argument(metavar="FILE|PROJECT", help="A sweep's YAML file, or a project.")],
    overrides: Annotated[list[str] | None, typer.Argument(help="Hydra overrides that all trials share.")] = None,
    grid: Annotated[list[str] | None, typer.Option(metavar="KEY=A,B", help="Values of a key; may be repeated.")] = None,
    linear: Annotated[
        list[str] | None, typer.Option("--range", metavar="KEY=LOW:HIGH[:STEP]", help="Range of a key.")
    ] = None,
    log: Annotated[list[str] | None, typer.Option(metavar="KEY=LOW:HIGH", help="Range, even in the logarithm.")] = None,
    metric: Annotated[str | None, typer.Option(help="The metric that counts; its last value.")] = None,
    maximize: Annotated[bool, typer.Option("--maximize", help="More is better; else less is.")] = False,
    sampler: Annotated[str | None, typer.Option(help="grid, random or tpe.")] = None,
    pruner: Annotated[str | None, typer.Option(help="none, median or asha: ends poor trials early.")] = None,
    parallel: Annotated[int | None, typer.Option(min=1, help="Trials at once.")] = None,
    trials: Annotated[int | None, typer.Option(min=1, help="Trials in all.")] = None,
    max_time: Annotated[str | None, typer.Option(help="Start nothing new after so long, such as 12h.")] = None,
    finalists: Annotated[int | None, typer.Option(min=0, help="So many of the best run again with --seeds.")] = None,
    seeds: Annotated[str | None, typer.Option(metavar="1,2,3", help="Seeds of the finals.")] = None,
    seed_key: Annotated[str | None, typer.Option(help="The key that the seeds are given to.")] = None,
    inputs: Annotated[list[str] | None, typer.Option("--input", "-i", metavar="NAME=REF", help="data=gb1@1.")] = None,
    parameters: Annotated[
        list[str] | None, typer.Option("--param", "-P", metavar="KEY=VALUE", help="MLproject parameter.")
    ] = None,
    wishes: Annotated[
        list[str] | None, typer.Option("--job", metavar="KEY=VALUE", help="gpus=1, memory=8G, priority=5, ...")
    ] = None,
    entry_point: Annotated[str, typer.Option("--entry-point", "-e", help="Entry point of its MLproject.")] = "main",
    name: Annotated[str | None, typer.Option(help="Name of the sweep.")] = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Show its progress until it is over.")] = False,
    as_json: AsJson = False,
) -> None:
    """Start a sweep: jobs of one template, whose points the master chooses and whose poor ones it ends early.

    From a file, options win over what it says. Each value of the space is tried in the config before anything starts.
    """
    given = {
        "metric": metric,
        "direction": "maximize" if maximize else None,
        "sampler": sampler,
        "pruner": pruner,
        "parallelism": parallel,
        "max_trials": trials,
        "max_seconds": None if max_time is None else parse_duration(max_time),
        "finalists": finalists,
        "seeds": None if seeds is None else _seeds(seeds),
        "seed_key": seed_key,
        "name": name,
        "space": sweep_plan.dimensions(grid or [], linear or [], log or []) or None,
    }
    said = {key: value for key, value in given.items() if value is not None}
    if what.endswith((".yaml", ".yml")):
        if overrides or inputs or parameters or wishes:
            raise typer.BadParameter("with a file, overrides, inputs and wishes for the jobs belong into it")
        request = sweep_plan.merged(sweep_plan.read(Path(what)), said)
    else:
        request = sweep_plan.plan(_job(what, entry_point, overrides, inputs, parameters, wishes), said)
    with connect() as master:
        sweep = master.sweeps.create(request)
        if not as_json:
            note(f"Sweep {sweep.id[:12]} ({sweep.name}) runs, {sweep.max_trials} trials at most.")
        detail = _until_over(master, sweep.id) if follow else None
        if detail is not None and not as_json:
            _print(detail, master.url)
    if as_json:
        print_json(detail or sweep)
    elif detail is None:
        print(sweep.id)
    if detail is not None and detail.state is not SweepState.FINISHED:
        raise typer.Exit(Exit.INTERRUPTED if detail.state is SweepState.STOPPED else Exit.FAILED)


def _job(
    project: str,
    entry_point: str,
    overrides: Sequence[str] | None,
    inputs: Sequence[str] | None,
    parameters: Sequence[str] | None,
    wishes: Sequence[str] | None,
) -> JobCreate:
    job = JobCreate(
        project=project,
        entry_point=entry_point,
        overrides=list(overrides or []),
        inputs=parse_pairs(inputs or [], "--input data=gb1@1"),
        parameters=parse_pairs(parameters or [], "-P epochs=5"),
    )
    return Wishes.parse(parse_pairs(wishes or [], "--job gpus=1")).apply(job)


def _seeds(text: str) -> list[int]:
    try:
        return [int(part) for part in text.split(",")]
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} must read like 1,2,3", param_hint="--seeds") from error


def _until_over(master: Client, sweep_id: str) -> SweepDetail:
    """Prints a line for each trial that ends. Interrupting it leaves the sweep running."""
    told: set[int] = set()
    try:
        while True:
            detail = master.sweeps.get(sweep_id)
            for trial in detail.trial_list:
                if trial.ended_at is not None and trial.number not in told:
                    told.add(trial.number)
                    note(_line(trial))
            if detail.state in SWEEP_ENDS or detail.state is SweepState.PAUSED:
                return detail
            time.sleep(FOLLOW_SECONDS)
    except KeyboardInterrupt:
        told_how = f"px sweep stop {sweep_id[:12]}"
        raise CommandError(f"The sweep goes on; `{told_how}` ends it.", Exit.INTERRUPTED) from None


def _line(trial: TrialView) -> str:
    value = "" if trial.value is None else f" {trial.value:.6g}"
    reason = f" ({trial.reason})" if trial.reason else ""
    return f"{trial.number:4d} {trial.state.value}{value} {_point(trial.point)}{reason}"


def _point(point: dict[str, Any]) -> str:
    return " ".join(f"{key}={f'{value:.4g}' if isinstance(value, float) else value}" for key, value in point.items())


@app.command("list")
def list_(
    state: Annotated[str | None, typer.Option(help="running, paused, finished, stopped, failed.")] = None,
    project: Annotated[str | None, typer.Option(help="Only of this project.")] = None,
    owner: Annotated[str | None, typer.Option(help="Only of this person.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=500)] = 30,
    as_json: AsJson = False,
) -> None:
    """List sweeps, the newest first."""
    with connect() as master:
        page = master.sweeps.page(limit=limit, state=state, project=project, owner=owner)
    if as_json:
        print_json(page.items)
        return
    rows = [
        (
            sweep.id[:12],
            sweep.name,
            sweep.state.value,
            f"{sum(sweep.trials.values())}/{sweep.max_trials}",
            "-" if sweep.best is None else f"{sweep.metric} {sweep.best.value:.6g}",
            sweep.owner,
            ago(sweep.created_at),
        )
        for sweep in page.items
    ]
    print_table(
        ("ID", "NAME", "STATE", "TRIALS", "BEST", "OWNER", "CREATED"),
        rows,
        "No sweeps; `px sweep create --help` shows how to start one.",
    )


@app.command()
def show(sweep: Reference, as_json: AsJson = False) -> None:
    """Show a sweep: its best trials, what matters, and the finals."""
    with connect() as master:
        detail = master.sweeps.get(master.sweeps.resolve(sweep))
        url = master.url
    if as_json:
        print_json(detail)
    else:
        _print(detail, url)


@app.command()
def pause(sweep: Reference, as_json: AsJson = False) -> None:
    """Start no new trials; what runs goes on."""
    with connect() as master:
        _report(master.sweeps.pause(master.sweeps.resolve(sweep)), as_json)


@app.command()
def resume(sweep: Reference, as_json: AsJson = False) -> None:
    """Let a paused sweep start trials again."""
    with connect() as master:
        _report(master.sweeps.resume(master.sweeps.resolve(sweep)), as_json)


@app.command()
def stop(sweep: Reference, as_json: AsJson = False) -> None:
    """Cancel its trials; the results so far stay."""
    with connect() as master:
        _report(master.sweeps.stop(master.sweeps.resolve(sweep)), as_json)


def _report(sweep: SweepView, as_json: bool) -> None:
    if as_json:
        print_json(sweep)
    else:
        note(f"{sweep.id[:12]} {sweep.name}: {sweep.state.value}")


def _print(sweep: SweepDetail, url: str) -> None:
    counts = ", ".join(f"{number} {state}" for state, number in sorted(sweep.trials.items()))
    best = sweep.best
    spread = "" if best is None or best.spread is None else f" ± {best.spread:.3g} over the seeds"
    print_fields(
        [
            ("Sweep", sweep.id),
            ("Name", sweep.name),
            ("State", f"{sweep.state.value}{': ' + sweep.reason if sweep.reason else ''}"),
            ("Project", sweep.project),
            ("Goal", f"{sweep.direction} {sweep.metric}"),
            ("By", f"{sweep.sampler}, pruner {sweep.pruner}"),
            ("Trials", f"{counts or 'none yet'}, {sweep.max_trials} at most"),
            ("Best", best and f"{best.value:.6g}{spread}: {_point(best.point)}"),
            ("Matters", ", ".join(f"{key} {share:.0%}" for key, share in sweep.importance.items())),
            ("In MLflow", f"{url}/mlflow/#/experiments/{sweep.experiment_id}/runs/{sweep.id}"),
        ]
    )
    ranked = _ranked(sweep)
    if ranked:
        rows = [(t.number, t.state.value, _value(t.value), _point(t.point), t.job_id and t.job_id[:12]) for t in ranked]
        print_table(("TRIAL", "STATE", sweep.metric.upper(), "POINT", "JOB"), rows, "")
    if sweep.finals:
        finals = [(f.number, _value(f.mean), _value(f.spread), len(f.values), _point(f.point)) for f in sweep.finals]
        print_table(("FINALIST", "MEAN", "SPREAD", "SEEDS", "POINT"), finals, "")


def _ranked(sweep: SweepDetail, most: int = 10) -> list[TrialView]:
    sign = 1 if sweep.direction == "minimize" else -1
    search = [trial for trial in sweep.trial_list if trial.finalist is None]
    return sorted(
        search,
        key=lambda t: (t.state.value != "complete", t.value is None, sign * (t.value or 0.0), t.number),
    )[:most]


def _value(value: float | None) -> str:
    return "-" if value is None else f"{value:.6g}"
