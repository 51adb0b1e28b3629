"""What the owner of the master's machine may do without signing in: `python -m app.admin COMMAND`.

Whoever can write the database owns the system anyway; this is for a lost password, for the worker on the master's own
machine, and for backups. Works on the database alone, also beside a running master. Prints JSON; an error is one line
on standard error.
"""

import argparse
import getpass
import json
import sys
from typing import Any

from sqlalchemy import make_url
from sqlalchemy.orm import Session

from app.accounts import audit, sessions, users
from app.accounts.api_tokens import make_join_token
from app.accounts.passwords import hash_password
from app.db import Database
from app.errors import AppError, NotFound, Unprocessable
from app.settings import Settings, get_settings
from app.workdir.service import workdir
from proteinx.contracts.accounts import JoinTokenCreate, UserCreate

ACTOR = "offline:"


def reset_password(session: Session, name: str, password: str) -> dict[str, Any]:
    """Ends the person's sessions and lets a disabled account in again. Raises NotFound, Unprocessable."""
    user = users.named(session, name)
    if user is None:
        raise NotFound("unknown_user", f"There is no user {name}.")
    if len(password) < 10:
        raise Unprocessable("short_password", "A password has at least 10 characters.")
    user.password_hash = hash_password(UserCreate(name=user.name, password=password).password)
    user.disabled = False
    sessions.close_sessions_of(session, user.id, keep=None)
    audit.write(session, _actor(), "user.reset_password", f"user:{user.name}")
    return {"name": user.name, "role": user.role}


def join_token(session: Session, request: JoinTokenCreate) -> dict[str, Any]:
    text, row = make_join_token(session, "offline", request)
    audit.write(session, _actor(), "join_token.create", f"join_token:{row.id}", {"uses": request.uses})
    return {"token": text, "uses": row.uses_left, "expires_at": row.expires_at.isoformat()}


def places(session: Session, settings: Settings) -> dict[str, Any]:
    """Where everything lies, for a backup."""
    url = make_url(settings.database)
    folder = workdir(session)
    return {
        "state": str(settings.state),
        "database": url.database if url.get_backend_name() == "sqlite" else None,
        "database_kind": url.get_backend_name(),
        "workdir": str(folder) if folder else None,
    }


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m app.admin", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    reset = commands.add_parser("reset-password", help="new password of NAME, read from standard input")
    reset.add_argument("name")
    join = commands.add_parser("join-token", help="a token with which machines join")
    join.add_argument("--uses", type=int, default=1)
    join.add_argument("--hours", type=float, default=1.0)
    commands.add_parser("places", help="where state, database and workdir are")
    given = parser.parse_args(arguments)
    try:
        print(json.dumps(_run(given, get_settings())))
    except (AppError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _run(given: argparse.Namespace, settings: Settings) -> dict[str, Any]:
    url = make_url(settings.database)
    if url.get_backend_name() == "sqlite" and not (url.database and settings.state.exists()):
        raise NotFound("no_database", f"There is no master's state in {settings.state}; `px up` makes it.")
    database = Database(settings.database)
    try:
        with database.write() as session:
            match given.command:
                case "reset-password":
                    return reset_password(session, given.name, sys.stdin.readline().rstrip("\r\n"))
                case "join-token":
                    return join_token(session, JoinTokenCreate(uses=given.uses, hours=given.hours))
            return places(session, settings)
    finally:
        database.close()


def _actor() -> str:
    return f"{ACTOR}{getpass.getuser()}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
