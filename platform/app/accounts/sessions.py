"""Browser sessions: an opaque cookie, of which the database holds a hash."""

from datetime import timedelta
from typing import Final

from sqlalchemy import delete, or_
from sqlalchemy.orm import Session
from starlette.requests import HTTPConnection
from starlette.responses import Response

from app.accounts import tokens
from app.accounts.connection import is_secure
from app.accounts.identity import IDLE
from app.accounts.tokens import COOKIE_TOKEN
from app.clock import now
from app.models import BrowserSession, User
from app.settings import Settings
from proteinx.contracts.protocol import SESSION_COOKIE

LONGEST: Final = timedelta(days=7)


def cookie_name(connection: HTTPConnection, settings: Settings) -> str:
    """Over TLS the `__Host-` prefix keeps other hosts and plain HTTP from planting one."""
    return f"__Host-{SESSION_COOKIE}" if is_secure(connection, settings) else SESSION_COOKIE


def open_session(session: Session, user: User) -> str:
    """Returns the cookie's text; sessions that are over are cleared away on the way."""
    close_old(session)
    session_id, secret, text = tokens.make(COOKIE_TOKEN)
    session.add(
        BrowserSession(
            id=session_id,
            user_id=user.id,
            secret_hash=tokens.hash_secret(secret),
            created_at=now(),
            last_seen_at=now(),
            expires_at=now() + LONGEST,
        )
    )
    return text


def close_session(session: Session, session_id: str) -> None:
    session.execute(delete(BrowserSession).where(BrowserSession.id == session_id))


def close_sessions_of(session: Session, user_id: str, *, keep: str | None = None) -> None:
    session.execute(delete(BrowserSession).where(BrowserSession.user_id == user_id, BrowserSession.id != (keep or "")))


def close_old(session: Session) -> None:
    over = or_(BrowserSession.expires_at <= now(), BrowserSession.last_seen_at <= now() - IDLE)
    session.execute(delete(BrowserSession).where(over))


def set_cookie(response: Response, connection: HTTPConnection, settings: Settings, text: str) -> None:
    response.set_cookie(
        cookie_name(connection, settings),
        text,
        max_age=int(LONGEST.total_seconds()),
        path="/",
        secure=is_secure(connection, settings),
        httponly=True,
        samesite="strict",
    )


def clear_cookie(response: Response, connection: HTTPConnection, settings: Settings) -> None:
    response.delete_cookie(
        cookie_name(connection, settings),
        path="/",
        secure=is_secure(connection, settings),
        httponly=True,
        samesite="strict",
    )
