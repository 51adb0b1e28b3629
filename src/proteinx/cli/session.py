"""`px login`, `px logout`, `px whoami`."""

import socket
import sys
from typing import Annotated

import typer

from proteinx.cli.exits import CommandError, Exit
from proteinx.cli.output import AsJson, note, print_fields, print_json
from proteinx.client import Client, connect, credentials
from proteinx.client.errors import ApiError
from proteinx.contracts.accounts import Setup

Address = Annotated[str, typer.Argument(metavar="ADDRESS", help="The master, such as http://10.0.0.5:8000.")]
Name = Annotated[str | None, typer.Option("--name", help="Account; asked for when missing.")]
FromStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]
SetupToken = Annotated[
    str | None, typer.Option("--setup-token", help="First run: the master's one-time token; makes the first admin.")
]
Days = Annotated[int, typer.Option("--days", min=1, max=3650, help="How long the token is good for.")]


def login(
    address: Address,
    name: Name = None,
    password_stdin: FromStdin = False,
    setup_token: SetupToken = None,
    days: Days = 90,
) -> None:
    """The password is not kept: an API token is made with it and stored for this account only (mode 0600).
    PROTEINX_URL and PROTEINX_TOKEN win over what is stored.
    """
    url = address if "://" in address else f"http://{address}"
    if url.startswith("http://") and not _is_local(url):
        note("px: the connection is plain HTTP: on this network others may read the password. See docs/security.md.")
    with Client(url) as master:
        health = master.system.health()
        if health.setup_required and setup_token is None:
            raise CommandError(
                "This master has no admin yet: give --setup-token with the token that its log shows.", Exit.CREDENTIALS
            )
        name = name or typer.prompt("Name", err=True)
        password = _read_password(password_stdin, confirm=setup_token is not None)
        if setup_token is not None:
            master.accounts.setup(Setup(setup_token=setup_token, name=name, password=password))
        else:
            master.accounts.sign_in(name, password)
        created = master.accounts.create_token(f"px on {socket.gethostname()}", days)
        master.accounts.sign_out()
    path = credentials.save(credentials.Credentials(url=url, token=created.token, token_id=created.id, name=name))
    note(f"Signed in as {name}; the token is in {path} and good until {created.expires_at:%Y-%m-%d}.")


def logout() -> None:
    """The token is revoked at the master too, where that answers."""
    known = credentials.load()
    try:
        with Client(known.url, known.token) as master:
            if known.token_id:
                master.accounts.delete_token(known.token_id)
    except ApiError as error:
        note(f"px: the token could not be revoked at the master: {error.detail}")
    note("Signed out." if credentials.forget() else "There was nothing stored; unset PROTEINX_TOKEN to sign out.")


def whoami(as_json: AsJson = False) -> None:
    """With the line that installs the fitting client in a notebook."""
    with connect() as master:
        me = master.accounts.me()
        url = master.url
        package = master.system.client_package()
    if as_json:
        print_json({"url": url, **me.model_dump(mode="json"), "pip": package.pip})
        return
    print_fields([("Master", url), ("Name", me.name), ("Role", me.role.value), ("In notebooks", package.pip)])


def _read_password(from_stdin: bool, *, confirm: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise CommandError("There is no terminal to ask for the password; use --password-stdin.", Exit.USAGE)
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=confirm, err=True))


def _is_local(url: str) -> bool:
    return url.split("://", 1)[1].split("/", 1)[0].rsplit(":", 1)[0] in ("localhost", "127.0.0.1", "[::1]")
