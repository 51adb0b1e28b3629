"""From a credential to who holds it. Read from the database each time, so a revoked one is refused at once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Update, select, update
from sqlalchemy.orm import Session

from app.accounts import tokens
from app.accounts.actor import Actor, JoinActor, MemberActor, NodeActor, UserActor
from app.accounts.tokens import COOKIE_TOKEN, Token
from app.clock import now
from app.db import Database
from app.models import ApiToken, Attempt, BrowserSession, Job, JoinToken, Member, Node, User
from proteinx.contracts.accounts import Role
from proteinx.contracts.protocol import JOB_TOKEN, JOIN_TOKEN, NODE_TOKEN, USER_TOKEN
from proteinx.contracts.states import ATTEMPT_ENDS, AttemptState

IDLE: Final = timedelta(hours=12)
"""A browser session ends when it was not used for so long."""
NOTE_EVERY: Final = timedelta(minutes=1)
"""How often the use of a credential is written down."""


@dataclass(frozen=True, slots=True)
class Identity:
    actor: Actor
    session_id: str | None = None
    """Of the browser session, where a cookie was the credential."""
    note: Update | None = None
    """Writes down that the credential was used, when the last note is old."""


def of_bearer(db: Database, text: str) -> Identity | None:
    """Who holds this bearer token; None if nobody does (any more)."""
    token = tokens.parse(text)
    return _find(db, token, _BEARERS.get(token.prefix)) if token else None


def of_cookie(db: Database, text: str) -> Identity | None:
    """Whose browser session this cookie belongs to; None if it is over."""
    token = tokens.parse(text)
    return _find(db, token, _session) if token and token.prefix == COOKIE_TOKEN else None


Finder = Callable[[Session, Token], Identity | None]


def _find(db: Database, token: Token, finder: Finder | None) -> Identity | None:
    if finder is None:
        return None
    with db.read() as session:
        identity = finder(session, token)
    if identity and identity.note is not None:
        with db.write() as session:
            session.execute(identity.note)
    return identity


def _old(moment: datetime | None) -> bool:
    return moment is None or moment < now() - NOTE_EVERY


def _user_actor(user: User) -> UserActor:
    return UserActor(user.id, user.name, Role(user.role))


def _user_token(session: Session, token: Token) -> Identity | None:
    query = select(ApiToken, User).join(User, User.id == ApiToken.user_id).where(ApiToken.id == token.id)
    found = session.execute(query).one_or_none()
    if found is None:
        return None
    row, user = found
    good = tokens.verify(token.secret, row.secret_hash) and row.revoked_at is None and row.expires_at > now()
    if not good or user.disabled:
        return None
    note = update(ApiToken).where(ApiToken.id == row.id).values(last_used_at=now()) if _old(row.last_used_at) else None
    return Identity(_user_actor(user), note=note)


def _session(session: Session, token: Token) -> Identity | None:
    query = select(BrowserSession, User).join(User, User.id == BrowserSession.user_id)
    found = session.execute(query.where(BrowserSession.id == token.id)).one_or_none()
    if found is None:
        return None
    row, user = found
    fresh = row.expires_at > now() and row.last_seen_at > now() - IDLE
    if not tokens.verify(token.secret, row.secret_hash) or not fresh or user.disabled:
        return None
    seen = update(BrowserSession).where(BrowserSession.id == row.id).values(last_seen_at=now())
    return Identity(_user_actor(user), session_id=row.id, note=seen if _old(row.last_seen_at) else None)


def _node(session: Session, token: Token) -> Identity | None:
    node = session.get(Node, token.id)
    if node is None or node.removed_at is not None or not tokens.verify(token.secret, node.secret_hash):
        return None
    return Identity(NodeActor(node.id, node.name))


def _member(session: Session, token: Token) -> Identity | None:
    query = (
        select(Member, Attempt, Job.attempt)
        .join(Attempt, (Attempt.job_id == Member.job_id) & (Attempt.number == Member.attempt))
        .join(Job, Job.id == Member.job_id)
        .where(Member.token_id == token.id)
    )
    found = session.execute(query).one_or_none()
    if found is None:
        return None
    member, attempt, current = found
    if not tokens.verify(token.secret, member.token_hash):
        return None
    over = AttemptState(attempt.state) in ATTEMPT_ENDS or attempt.number != current
    return Identity(MemberActor(member.job_id, member.attempt, member.rank, fenced=over))


def _join(session: Session, token: Token) -> Identity | None:
    row = session.get(JoinToken, token.id)
    # One that is used up still says who it was: registration counts the uses, and lets the machine that used the last
    # one ask again if it never got the reply.
    if row is None or row.expires_at <= now() or not tokens.verify(token.secret, row.secret_hash):
        return None
    return Identity(JoinActor(row.id))


_BEARERS: Final[dict[str, Finder]] = {
    USER_TOKEN: _user_token,
    NODE_TOKEN: _node,
    JOB_TOKEN: _member,
    JOIN_TOKEN: _join,
}
