"""The first run: a one-time token, printed by the server, makes the first admin. There is no default password."""

import hmac
import logging
import os
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts import audit, tokens
from app.accounts.passwords import hash_password
from app.clock import now
from app.db import Database
from app.errors import Conflict, Unauthorized
from app.models import Setting, User
from app.settings import Settings
from proteinx.contracts.accounts import Role, Setup
from proteinx.contracts.protocol import SETUP_TOKEN

log = logging.getLogger(__name__)
FILE = "setup-token"
_DONE = "setup"


def is_required(session: Session) -> bool:
    return session.scalar(select(User.id).limit(1)) is None


def announce(db: Database, settings: Settings) -> None:
    """Makes the setup token, or finds that of an earlier start, and prints it while there is nobody to sign in."""
    path = settings.state / FILE
    with db.read() as session:
        required = is_required(session)
    if not required:
        path.unlink(missing_ok=True)
        return
    if not path.exists():
        write_private(path, tokens.make(SETUP_TOKEN)[2])
    # The one secret that is printed, once, on the server's own console: whoever sees it owns the machine.
    print(f"ProteinX has no users yet. Setup token (also in {path}): {path.read_text()}", flush=True)


def write_private(path: Path, text: str) -> None:
    """Writes a file that only its owner may read, whole or not at all."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    part.replace(path)


def first_admin(session: Session, settings: Settings, request: Setup) -> User:
    """Raises Conflict once there is a user, Unauthorized for a wrong token."""
    if not is_required(session):
        raise Conflict("already_set_up", "There is an admin already; sign in, or have an admin add you.")
    path = settings.state / FILE
    expected = path.read_text().strip() if path.exists() else ""
    if not expected or not hmac.compare_digest(expected.encode(), request.setup_token.strip().encode()):
        raise Unauthorized("bad_setup_token", f"That is not the setup token; the server printed it, and {FILE} has it.")
    user = User(
        name=request.name, role=Role.ADMIN.value, password_hash=hash_password(request.password), created_at=now()
    )
    session.add_all([user, Setting(key=_DONE, value={"by": request.name, "at": now().isoformat()})])
    try:
        session.flush()
    except IntegrityError as error:  # two at once: the row's key lets one through
        raise Conflict("already_set_up", "Somebody else has just set this master up; sign in.") from error
    audit.write(session, f"user:{user.name}", "setup", f"user:{user.name}")
    return user


def discard_token(settings: Settings) -> None:
    (settings.state / FILE).unlink(missing_ok=True)
