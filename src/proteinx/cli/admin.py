"""`px admin`: people, tokens and the store."""

import sys
from typing import Annotated

import typer

from proteinx.cli import checkout
from proteinx.cli.exits import CommandError, Exit
from proteinx.cli.master import Master
from proteinx.cli.output import AsJson, ago, note, print_json, print_table, size
from proteinx.cli.quotas import quota
from proteinx.client import Client, connect
from proteinx.contracts.accounts import Role, UserCreate, UserUpdate, UserView
from proteinx.contracts.store import StoreFault

app = typer.Typer(add_completion=False, no_args_is_help=True)
users_app = typer.Typer(add_completion=False, no_args_is_help=True)
tokens_app = typer.Typer(add_completion=False, no_args_is_help=True)
app.add_typer(users_app, name="users", help="List, add and change people.")
app.add_typer(tokens_app, name="tokens", help="List, make and revoke API tokens.")
app.command("quota")(quota)

FromStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]


@app.command("join-token")
def join_token(
    uses: Annotated[int, typer.Option(min=1, max=1000, help="How many machines may join with it.")] = 1,
    hours: Annotated[float, typer.Option(min=0.01, max=720, help="How long it is good for.")] = 1.0,
    as_json: AsJson = False,
) -> None:
    """Make a token with which a machine joins as a worker, and the command to paste there."""
    with connect() as master:
        created = master.accounts.create_join_token(uses, hours)
    if as_json:
        print_json(created)
        return
    note(f"On the machine that joins, in its source tree (good until {created.expires_at:%Y-%m-%d %H:%M} UTC):")
    print(created.command)


@app.command("reset-password")
def reset_password(
    name: Annotated[str, typer.Argument(help="Whose password.")], password_stdin: FromStdin = False
) -> None:
    """Set a new password on the master's own machine, without signing in; the person's sessions end.

    Works on the database alone, whether the master runs or not.
    """
    password = ask_password(password_stdin)
    changed = Master(checkout.root(), checkout.home()).offline("reset-password", name, given=f"{password}\n")
    note(f"{changed['name']} ({changed['role']}) has a new password.")


@users_app.command("list")
def list_users(as_json: AsJson = False) -> None:
    """List all people."""
    with connect() as master:
        people = master.accounts.users()
    if as_json:
        print_json(people)
        return
    rows = [
        (person.name, person.role.value, "disabled" if person.disabled else "", ago(person.created_at))
        for person in people
    ]
    print_table(("NAME", "ROLE", "", "CREATED"), rows, "Nobody.")


@users_app.command("add")
def add_user(
    name: Annotated[str, typer.Argument()],
    role: Annotated[Role, typer.Option(help="viewer looks, member works, admin decides.")] = Role.MEMBER,
    password_stdin: FromStdin = False,
) -> None:
    """Add a person."""
    password = ask_password(password_stdin)
    with connect() as master:
        made = master.accounts.create_user(UserCreate(name=name, password=password, role=role))
    note(f"{made.name} is a {made.role.value} now.")


@users_app.command("set")
def set_user(
    name: Annotated[str, typer.Argument()],
    role: Annotated[Role | None, typer.Option(help="New role.")] = None,
    disabled: Annotated[bool | None, typer.Option("--disable/--enable", help="Shut out, or let in again.")] = None,
) -> None:
    """Change a person's role, or shut an account."""
    with connect() as master:
        person = _person(master, name)
        changed = master.accounts.update_user(person.id, UserUpdate(role=role, disabled=disabled))
    note(f"{changed.name}: {changed.role.value}{', disabled' if changed.disabled else ''}.")


@tokens_app.command("list")
def list_tokens(as_json: AsJson = False) -> None:
    """List live API tokens: one's own, an admin everybody's."""
    with connect() as master:
        tokens = master.accounts.tokens()
    if as_json:
        print_json(tokens)
        return
    rows = [(item.id, item.name, item.owner, ago(item.last_used_at), f"{item.expires_at:%Y-%m-%d}") for item in tokens]
    print_table(("ID", "NAME", "OWNER", "USED", "EXPIRES"), rows, "No tokens.")


@tokens_app.command("create")
def create_token(
    name: Annotated[str, typer.Argument(help="What it is for.")],
    days: Annotated[int, typer.Option(min=1, max=3650)] = 90,
    as_json: AsJson = False,
) -> None:
    """Make an API token for a script; it is shown this once."""
    with connect() as master:
        created = master.accounts.create_token(name, days)
    if as_json:
        print_json(created)
        return
    note(f"Good until {created.expires_at:%Y-%m-%d}; shown this once:")
    print(created.token)


@tokens_app.command("revoke")
def revoke_token(token_id: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Make a token void from its next use on."""
    with connect() as master:
        master.accounts.delete_token(token_id)
    note(f"{token_id} is revoked.")


@app.command("check-store")
def check_store(
    content: Annotated[
        bool, typer.Option("--content", help="Read and hash every file; else look at its size.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Look whether every file of jobs, datasets and code that the database names is there, as it was put there."""
    files = size_ = 0
    faults: list[StoreFault] = []
    with connect() as master:
        for page in master.system.check_store(content=content):
            files, size_ = files + page.files, size_ + page.bytes
            faults += page.faults
            if page.next is not None:
                note(f"{files} files, {size(size_)} so far; {len(faults)} of them missing or changed.")
    if as_json:
        print_json({"files": files, "bytes": size_, "faults": [fault.model_dump() for fault in faults]})
    else:
        if faults:
            print_table(("STATE", "WHAT", "OF", "FILE"), [(f.state, f.what, f.of, f.key) for f in faults], "")
        note(f"{files} files, {size(size_)}: {len(faults) or 'none'} missing or changed.")
        if faults:
            note("What a backup has (`px restore`) can be put back at the same path below the workdir.")
    raise typer.Exit(Exit.FAILED if faults else Exit.OK)


def ask_password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise CommandError("There is no terminal to ask for the password; use --password-stdin.", Exit.USAGE)
    return str(typer.prompt("New password", hide_input=True, confirmation_prompt=True, err=True))


def _person(master: Client, name: str) -> UserView:
    for person in master.accounts.users():
        if person.name.lower() == name.lower():
            return person
    raise CommandError(f"There is nobody called {name!r}; `px admin users list` shows all.")
