"""API tokens of people, and join tokens of machines. Shown once, stored as hashes."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import audit, tokens
from app.accounts.actor import UserActor
from app.accounts.authorize import Action, authorize
from app.clock import now
from app.errors import NotFound
from app.models import ApiToken, JoinToken, User
from proteinx.contracts.accounts import (
    JoinTokenCreate,
    JoinTokenCreated,
    Role,
    TokenCreate,
    TokenCreated,
    TokenView,
)
from proteinx.contracts.protocol import JOIN_TOKEN, USER_TOKEN


def _view(token: ApiToken, owner: str) -> TokenView:
    return TokenView(
        id=token.id,
        name=token.name,
        owner=owner,
        created_at=token.created_at,
        expires_at=token.expires_at,
        last_used_at=token.last_used_at,
    )


def create(session: Session, actor: UserActor, request: TokenCreate) -> TokenCreated:
    token_id, secret, text = tokens.make(USER_TOKEN)
    row = ApiToken(
        id=token_id,
        user_id=actor.id,
        name=request.name,
        secret_hash=tokens.hash_secret(secret),
        created_at=now(),
        expires_at=now() + timedelta(days=request.days),
    )
    session.add(row)
    session.flush()
    audit.write(session, actor, "token.create", f"token:{row.id}", {"name": row.name, "days": request.days})
    return TokenCreated(**_view(row, actor.name).model_dump(), token=text)


def list_for(session: Session, actor: UserActor) -> list[TokenView]:
    """One's own live tokens; an admin sees everybody's."""
    query = (
        select(ApiToken, User.name)
        .join(User, User.id == ApiToken.user_id)
        .where(ApiToken.revoked_at.is_(None), ApiToken.expires_at > now())
        .order_by(ApiToken.created_at.desc())
    )
    if actor.role is not Role.ADMIN:
        query = query.where(ApiToken.user_id == actor.id)
    return [_view(token, owner) for token, owner in session.execute(query)]


def revoke(session: Session, actor: UserActor, token_id: str) -> None:
    """Its holder is refused from the next request on. Raises NotFound, also for somebody else's."""
    row = session.get(ApiToken, token_id)
    if row is None or (row.user_id != actor.id and actor.role is not Role.ADMIN):
        raise NotFound("unknown_token", "There is no such token.")
    if row.revoked_at is None:
        row.revoked_at = now()
        audit.write(session, actor, "token.revoke", f"token:{row.id}", {"name": row.name})


def create_join(session: Session, actor: UserActor, request: JoinTokenCreate, master_url: str) -> JoinTokenCreated:
    authorize(actor, Action.ADMINISTER)
    text, row = make_join_token(session, actor.id, request)
    audit.write(session, actor, "join_token.create", f"join_token:{row.id}", {"uses": request.uses})
    command = f"PROTEINX_TOKEN={text} ./px worker join {master_url}"  # arguments are for every process to read
    return JoinTokenCreated(token=text, uses=row.uses_left, expires_at=row.expires_at, command=command)


def make_join_token(session: Session, created_by: str, request: JoinTokenCreate) -> tuple[str, JoinToken]:
    token_id, secret, text = tokens.make(JOIN_TOKEN)
    row = JoinToken(
        id=token_id,
        secret_hash=tokens.hash_secret(secret),
        uses_left=request.uses,
        created_by=created_by,
        created_at=now(),
        expires_at=now() + timedelta(hours=request.hours),
    )
    session.add(row)
    session.flush()
    return text, row
