"""`px admin quota`: what people may take of the machines."""

from typing import Annotated, Any

import typer

from proteinx.cli.output import AsJson, print_json, print_table
from proteinx.client import connect
from proteinx.contracts.quotas import Quota, QuotaView

Limit = Annotated[str | None, typer.Option(metavar="N", help="A number, or none.")]


def quota(
    name: Annotated[str | None, typer.Argument(help="Whose; without it everybody's are listed.")] = None,
    gpus: Limit = None,
    running: Limit = None,
    queued: Limit = None,
    priority: Annotated[int | None, typer.Option(min=-100, max=100, help="Highest that may be asked for.")] = None,
    share: Annotated[float | None, typer.Option(min=0.001, help="Twice the share: twice as much of the lab.")] = None,
    default: Annotated[bool, typer.Option("--default", help="Drop the person's own: everybody's counts.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show or set how many GPUs and running jobs a person may have at a time, how many may wait, and their share."""
    changes: dict[str, Any] = {
        key: _limit(text, option)
        for key, text, option in (
            ("max_gpus", gpus, "--gpus"),
            ("max_running", running, "--running"),
            ("max_queued", queued, "--queued"),
        )
        if text is not None
    }
    changes |= {} if priority is None else {"max_priority": priority}
    changes |= {} if share is None else {"share": share}
    if name is None and (changes or default):
        raise typer.BadParameter("say whose quota it is", param_hint="NAME")
    with connect() as master:
        if name is None:
            views = master.accounts.quotas()
        elif default:
            views = [master.accounts.remove_quota(name)]
        else:
            view = master.accounts.quota(name)
            if changes:
                view = master.accounts.set_quota(name, Quota(**(view.quota.model_dump() | changes)))
            views = [view]
    if as_json:
        print_json(views)
        return
    heads = ("NAME", "GPUS", "RUNNING", "QUEUED", "PRIORITY", "SHARE", "AVERAGE", "")
    print_table(heads, [_row(view) for view in views], "Nobody.")


def _limit(text: str, option: str) -> int | None:
    if text == "none":
        return None
    if not text.isdigit():
        raise typer.BadParameter(f"{text!r} is neither a number nor none", param_hint=option)
    return int(text)


def _row(view: QuotaView) -> tuple[object, ...]:
    quota = view.quota

    def of(has: int, limit: int | None) -> str:
        return f"{has}/{'-' if limit is None else limit}"

    return (
        view.user,
        of(view.gpus, quota.max_gpus),
        of(view.running, quota.max_running),
        of(view.queued, quota.max_queued),
        f"<= {quota.max_priority}",
        f"{quota.share:g}",
        f"{view.average:.2f} GPUs",
        "" if view.own else "default",
    )
