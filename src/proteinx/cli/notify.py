"""`px notify`: where one is told of what."""

import os
import sys
from typing import Annotated

import typer

from proteinx.cli.exits import CommandError
from proteinx.cli.output import AsJson, ago, note, print_json, print_table
from proteinx.client import connect
from proteinx.contracts.nearest import choices, hint
from proteinx.contracts.notifications import DestinationCreate, DestinationUpdate, NotifyEvent

app = typer.Typer(add_completion=False, invoke_without_command=True)

Reference = Annotated[str, typer.Argument(metavar="NAME", help="Its name or id.")]
USUAL = (NotifyEvent.JOB_SUCCEEDED, NotifyEvent.JOB_FAILED, NotifyEvent.JOB_HELD, NotifyEvent.SWEEP_ENDED)
URL_VARIABLE = "PROTEINX_NOTIFY_URL"
SECRET_VARIABLE = "PROTEINX_NOTIFY_SECRET"
SIGNING = ("feishu", "lark", "dingtalk")


@app.callback()
def _default(ctx: typer.Context, as_json: AsJson = False) -> None:
    if ctx.invoked_subcommand is None:
        list_(as_json=as_json)


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List where you are told of what; an admin sees everybody's."""
    with connect() as master:
        found = master.notifications.all()
    if as_json:
        print_json(found)
        return
    rows = [
        (
            one.id,
            one.name,
            one.address,
            ", ".join(one.events),
            "paused" if one.paused else (one.last_error or "ok"),
            one.owner,
            ago(one.last_sent_at),
        )
        for one in found
    ]
    print_table(("ID", "NAME", "ADDRESS", "EVENTS", "STATE", "OWNER", "SENT"), rows, "None; `px notify add` makes one.")


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="What you call it.")],
    on: Annotated[list[str] | None, typer.Option(help="job.failed, node.lost, ...; may be repeated.")] = None,
    everyone: Annotated[bool, typer.Option("--everyone", help="Everybody's jobs (admins).")] = False,
    language: Annotated[str, typer.Option(help="en or zh.")] = "en",
    as_json: AsJson = False,
) -> None:
    """Be told in Feishu, Lark, WeCom, DingTalk, Slack, by e-mail or by a signed webhook.

    The address is a secret, so it is asked for, or read from PROTEINX_NOTIFY_URL (and PROTEINX_NOTIFY_SECRET):
    what the service's robot gives, mailtos://user:password@host?to=..., or any http(s) address.
    """
    if language not in ("en", "zh"):
        raise typer.BadParameter("en or zh", param_hint="--language")
    url = os.environ.get(URL_VARIABLE) or _ask("Address")
    request = DestinationCreate(
        name=name,
        url=url,
        secret=os.environ.get(SECRET_VARIABLE) or _ask_secret(url),
        events=_events(on),
        scope="everyone" if everyone else "own",
        language="zh" if language == "zh" else "en",
    )
    with connect() as master:
        made = master.notifications.create(request)
    if as_json:
        print_json(made)
        return
    note(f"{made.name}: {made.address}. Try it: px notify test {made.name}")
    if made.signing_key:
        note("What it sends is signed with this key, which is not shown again:")
        print(made.signing_key)


@app.command()
def test(destination: Reference, as_json: AsJson = False) -> None:
    """Send one now, and say what came of it."""
    with connect() as master:
        result = master.notifications.test(master.notifications.resolve(destination).id)
    if as_json:
        print_json(result)
    if not result.sent:
        raise CommandError(f"It was not sent: {result.detail}.")
    if not as_json:
        note("Sent.")


@app.command()
def log(destination: Reference, as_json: AsJson = False) -> None:
    """List what was sent, and what was not."""
    with connect() as master:
        rows = master.notifications.log(master.notifications.resolve(destination).id)
    if as_json:
        print_json(rows)
        return
    cells = [(ago(row.created_at), row.event.value, row.title, row.state, row.tries, row.error) for row in rows]
    print_table(("WHEN", "EVENT", "TITLE", "STATE", "TRIES", "ERROR"), cells, "Nothing yet.")


@app.command()
def pause(destination: Reference) -> None:
    """Send nothing until it is resumed; what happens meanwhile is not told later."""
    _set_paused(destination, paused=True)


@app.command()
def resume(destination: Reference) -> None:
    """Send again."""
    _set_paused(destination, paused=False)


@app.command()
def remove(destination: Reference) -> None:
    """Forget it, with what is still to be sent."""
    with connect() as master:
        found = master.notifications.resolve(destination)
        master.notifications.delete(found.id)
    note(f"{found.name} is forgotten.")


def _set_paused(destination: str, *, paused: bool) -> None:
    with connect() as master:
        found = master.notifications.resolve(destination)
        fields = {key: getattr(found, key) for key in DestinationUpdate.model_fields}
        master.notifications.change(found.id, DestinationUpdate(**{**fields, "paused": paused}))
    note(f"{found.name} is {'paused' if paused else 'on'}.")


def _events(given: list[str] | None) -> list[NotifyEvent]:
    known = {event.value: event for event in NotifyEvent}
    for word in given or []:
        if word not in known:
            raise typer.BadParameter(f"{word!r} is none of {choices(known)}.{hint(word, known)}", param_hint="--on")
    return [known[word] for word in given] if given else list(USUAL)


def _ask_secret(url: str) -> str | None:
    """What the robot checks signatures with; only where it may have one, and there is a terminal to ask at."""
    if not sys.stdin.isatty() or not any(name in url for name in SIGNING):
        return None
    return (
        str(typer.prompt("Its signing secret, if it has one", default="", show_default=False, hide_input=True)) or None
    )


def _ask(what: str) -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    return str(typer.prompt(what, hide_input=True))
