"""Signing in with name and password."""

from app.accounts import audit, sessions, users
from app.accounts.passwords import verify_password
from app.accounts.throttle import Throttle
from app.db import Database
from app.errors import Unauthorized
from app.models import User
from proteinx.contracts.accounts import SignIn


def sign_in(db: Database, throttle: Throttle, request: SignIn) -> tuple[User, str]:
    """The user and the new session's cookie. Raises Unauthorized, and TooManyRequests after too many tries.

    It opens its own transactions, since a refused try must stay in the audit log and the slow check of the password
    must not hold up other writers.
    """
    client = audit.client_address.get()
    throttle.enter(client, request.name)
    with db.read() as session:
        user = users.named(session, request.name)
    good = verify_password(request.password, user.password_hash if user else None)
    if user is None or not good or user.disabled:
        with db.write() as session:
            audit.write(session, f"user:{request.name}", "session.refuse", f"user:{request.name}")
        raise Unauthorized("bad_credentials", "Name or password is wrong.")
    throttle.succeeded(client, request.name)
    with db.write() as session:
        text = sessions.open_session(session, user)
        audit.write(session, f"user:{user.name}", "session.open", f"user:{user.name}")
    return user, text
