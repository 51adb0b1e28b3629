"""`px models`."""

from typing import Annotated

import typer

from proteinx.cli.exits import Exit
from proteinx.cli.jobs import Reference
from proteinx.cli.output import AsJson, ago, note, print_json, print_table
from proteinx.client import connect
from proteinx.contracts.models import AliasMove, AliasSet, GateCheck, ModelVersionView

app = typer.Typer(add_completion=False, no_args_is_help=True)

Versioned = Annotated[str, typer.Argument(metavar="NAME@VERSION", help="A version of a registered model.")]


@app.command("list")
def list_(
    name: Annotated[str | None, typer.Argument(help="One model, with all its versions.")] = None,
    as_json: AsJson = False,
) -> None:
    """List registered models, or the versions of one."""
    with connect() as master:
        found = master.models.versions(name) if name else [m.latest for m in master.models.all() if m.latest]
    if as_json:
        print_json(found)
        return
    rows = [
        (
            f"{item.name}@{item.version}",
            (item.job_id or "-")[:12],
            ", ".join(item.aliases),
            ago(item.created_at),
            item.uri,
        )
        for item in found
    ]
    empty = "No models yet; `px models register NAME JOB` makes one, or `px submit --register NAME`."
    print_table(("MODEL", "JOB", "ALIASES", "CREATED", "URI"), rows, empty)


@app.command()
def register(
    name: Annotated[str, typer.Argument(help="The model's name.")], job: Reference, as_json: AsJson = False
) -> None:
    """Register the model that a job logged."""
    with connect() as master:
        version = master.models.register(name, master.jobs.resolve(job))
    if as_json:
        print_json(version)
    else:
        note(f"{version.name}@{version.version} is there.")


@app.command()
def gate(model: Versioned, as_json: AsJson = False) -> None:
    """Show whether a version may become the champion, check by check."""
    name, version = _split(model)
    with connect() as master:
        found = master.models.gate(name, version)
    if as_json:
        print_json(found)
    else:
        _print_checks(found.checks)
    raise typer.Exit(Exit.OK if found.passed else Exit.FAILED)


@app.command()
def promote(
    model: Versioned,
    reason: Annotated[str, typer.Option("--reason", "-m", prompt="Why", help="Kept with your name.")],
    to: Annotated[str, typer.Option("--to", metavar="ALIAS", help="champion goes through the gate.")] = "champion",
    force: Annotated[bool, typer.Option("--force", help="Past the gate; for admins, and recorded.")] = False,
    as_json: AsJson = False,
) -> None:
    """Give an alias (candidate, champion) to a version."""
    name, version = _split(model)
    with connect() as master:
        made = master.models.set_alias(name, to, AliasSet(version=version, reason=reason, force=force))
    _report(made, to, as_json)


@app.command()
def rollback(
    name: Annotated[str, typer.Argument(help="The model's name.")],
    reason: Annotated[str, typer.Option("--reason", "-m", prompt="Why", help="Kept with your name.")],
    alias: Annotated[str, typer.Option(metavar="ALIAS")] = "champion",
    as_json: AsJson = False,
) -> None:
    """Give an alias back to the version that had it before."""
    with connect() as master:
        made = master.models.roll_back(name, alias, reason)
    _report(made, alias, as_json)


@app.command()
def history(name: Annotated[str, typer.Argument(help="The model's name.")], as_json: AsJson = False) -> None:
    """List who gave which alias to what, and why."""
    with connect() as master:
        found = master.models.alias_moves(name)
    if as_json:
        print_json(found)
        return
    rows = [
        (f"{one.at:%Y-%m-%d %H:%M}", one.alias, one.version or "none", one.previous or "-", one.actor, _why(one))
        for one in found
    ]
    print_table(
        ("WHEN (UTC)", "ALIAS", "VERSION", "BEFORE", "WHO", "WHY"), rows, f"No version of {name} has had an alias."
    )


@app.command()
def endpoints(as_json: AsJson = False) -> None:
    """List the models that workers keep loaded for predictions on demand."""
    with connect() as master:
        found = master.endpoints.all()
    if as_json:
        print_json(found)
        return
    rows = [
        (
            f"{one.model}@{one.version}",
            one.job_id[:12],
            one.state,
            one.node or "-",
            ago(one.last_used_at),
            one.requests,
            one.owner,
        )
        for one in found
    ]
    empty = "No model is loaded; `px predict --now --model NAME SEQUENCE` loads one."
    print_table(("MODEL", "JOB", "STATE", "NODE", "LAST USED", "REQUESTS", "OWNER"), rows, empty)


@app.command()
def stop(
    model: Annotated[str, typer.Argument(metavar="NAME[@VERSION]", help="As `px models endpoints` lists it.")],
) -> None:
    """Stop keeping a model loaded."""
    with connect() as master:
        found = [
            one for one in master.endpoints.all() if model in (one.model, f"{one.model}@{one.version}", one.job_id)
        ]
        if not found:
            raise LookupError(f"{model} is not loaded; `px models endpoints` lists all that are.")
        for one in found:
            master.endpoints.stop(one.job_id)
            note(f"{one.model}@{one.version} is being stopped.")


def _why(made: AliasMove) -> str:
    return f"{made.reason} (past the gate)" if made.forced else made.reason


def _split(text: str) -> tuple[str, str]:
    name, _, version = text.rpartition("@")
    if not name or not version.isdigit():
        raise typer.BadParameter(f"{text!r} names no version; write NAME@3.")
    return name, version


def _print_checks(checks: list[GateCheck]) -> None:
    rows = [(one.name, "passed" if one.passed else "FAILED", one.detail) for one in checks]
    print_table(("CHECK", "", "WHAT WAS FOUND"), rows, "Nothing to check.")


def _report(made: ModelVersionView, alias: str, as_json: bool) -> None:
    if as_json:
        print_json(made)
    else:
        note(f"{made.name}@{made.version} is {alias} now.")
