"""`px nodes`."""

from typing import Annotated

import typer

from proteinx.cli.output import AsJson, ago, note, print_json, print_table, size
from proteinx.cli.units import parse_pairs
from proteinx.client import connect
from proteinx.contracts.nodes import NodeView

app = typer.Typer(add_completion=False, invoke_without_command=True)

Reference = Annotated[str, typer.Argument(metavar="NODE", help="Its name or id.")]


@app.callback()
def _default(ctx: typer.Context, as_json: AsJson = False) -> None:
    if ctx.invoked_subcommand is None:
        list_(as_json=as_json)


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List worker machines with what they have free."""
    with connect() as master:
        nodes = master.nodes.all()
    if as_json:
        print_json(nodes)
        return
    rows = [
        (
            node.name,
            node.state.value if node.state.value != "active" else node.health.value,
            f"{node.cpus_free:g}/{node.info.cpus}",
            f"{size(node.memory_free_bytes)}/{size(node.info.memory_bytes)}",
            f"{node.gpus_free}/{len(node.info.gpus)}",
            ", ".join(sorted({gpu.name for gpu in node.info.gpus})) or "-",
            len(node.jobs),
            ago(node.last_heartbeat_at),
            node.reason,
        )
        for node in nodes
    ]
    print_table(
        ("NAME", "STATE", "CPUS FREE", "MEMORY FREE", "GPUS FREE", "GPU", "JOBS", "HEARD", "WHY"),
        rows,
        "No worker has joined; `px admin join-token` makes the command for one.",
    )


@app.command()
def drain(
    node: Reference,
    reason: Annotated[str, typer.Option(help="Shown to the others.")] = "",
    as_json: AsJson = False,
) -> None:
    """Give a node no new work; what runs there goes on."""
    with connect() as master:
        _report(master.nodes.drain(master.nodes.resolve(node).id, reason), as_json)


@app.command()
def quarantine(
    node: Reference,
    reason: Annotated[str, typer.Option(help="Shown to the others.")] = "",
    as_json: AsJson = False,
) -> None:
    """Give a faulty node no work until somebody has looked; undrain lets it work again."""
    with connect() as master:
        _report(master.nodes.quarantine(master.nodes.resolve(node).id, reason), as_json)


@app.command()
def label(
    node: Reference,
    labels: Annotated[list[str] | None, typer.Argument(metavar="KEY=VALUE...", help="KEY- takes one away.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show or change the labels that jobs may ask for."""
    given = labels or []
    taken = [item.removesuffix("-") for item in given if item.endswith("-") and "=" not in item]
    put = parse_pairs(
        [item for item in given if item.removesuffix("-") not in taken], "rack=a, or rack- to take it away"
    )
    with connect() as master:
        known = master.nodes.resolve(node)
        if given:
            kept = {key: value for key, value in known.own_labels.items() if key not in taken}
            known = master.nodes.label(known.id, kept | put)
    if as_json:
        print_json(known)
        return
    rows = [
        (key, value, "admin" if key in known.own_labels else "agent") for key, value in sorted(known.labels.items())
    ]
    print_table(("LABEL", "VALUE", "FROM"), rows, f"{known.name} has no labels.")


@app.command()
def undrain(node: Reference, as_json: AsJson = False) -> None:
    """Let a node work again, also one in quarantine."""
    with connect() as master:
        _report(master.nodes.undrain(master.nodes.resolve(node).id), as_json)


@app.command()
def remove(node: Reference, yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")] = False) -> None:
    """Take a node out for good: its token is void, and what it runs is started elsewhere."""
    with connect() as master:
        known = master.nodes.resolve(node)
        if not yes:
            typer.confirm(f"Remove {known.name} ({len(known.jobs)} jobs on it)?", abort=True, err=True)
        master.nodes.remove(known.id)
    note(f"{known.name} is removed.")


def _report(node: NodeView, as_json: bool) -> None:
    if as_json:
        print_json(node)
    else:
        note(f"{node.name}: {node.state.value}, {len(node.jobs)} jobs on it.")
