"""Who is who: setup, signing in and out, people, tokens, the audit log."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response, status

from app.accounts import api_tokens, audit, sessions, setup, sign_in, users
from app.accounts.authorize import Action, authorize
from app.accounts.connection import public_url
from app.accounts.throttle import Throttle
from app.committing import CommittingRoute
from app.deps import CurrentUser, Cursor, Limit, MasterDep, ReadSession, WriteSession
from app.errors import BadRequest
from proteinx.contracts.accounts import (
    AuditEntryView,
    JoinTokenCreate,
    JoinTokenCreated,
    Setup,
    SignIn,
    TokenCreate,
    TokenCreated,
    TokenView,
    UserCreate,
    UserUpdate,
    UserView,
)
from proteinx.contracts.pages import Page

router = APIRouter(tags=["accounts"], route_class=CommittingRoute)


def _throttle(request: Request) -> Throttle:
    return request.app.state.throttle  # type: ignore[no-any-return]


Guarded = Annotated[Throttle, Depends(_throttle)]


@router.post("/setup", status_code=status.HTTP_201_CREATED)
def set_up(body: Setup, request: Request, response: Response, master: MasterDep, throttle: Guarded) -> UserView:
    client = audit.client_address.get()
    throttle.enter(client, "setup")
    with master.db.write() as session:
        user = setup.first_admin(session, master.settings, body)
        text = sessions.open_session(session, user)
    throttle.succeeded(client, "setup")
    setup.discard_token(master.settings)
    sessions.set_cookie(response, request, master.settings, text)
    return users.view(user)


@router.post("/session")
def open_session(body: SignIn, request: Request, response: Response, master: MasterDep, throttle: Guarded) -> UserView:
    user, text = sign_in.sign_in(master.db, throttle, body)
    sessions.set_cookie(response, request, master.settings, text)
    return users.view(user)


@router.get("/session")
def who_am_i(actor: CurrentUser, session: ReadSession) -> UserView:
    return users.view(users.by_id(session, actor.id))


@router.delete("/session", status_code=status.HTTP_204_NO_CONTENT)
def close_session(
    actor: CurrentUser, request: Request, response: Response, master: MasterDep, session: WriteSession
) -> None:
    if request.state.session_id is None:
        raise BadRequest("no_session", "A bearer token has no session to close; revoke the token instead.")
    sessions.close_session(session, request.state.session_id)
    audit.write(session, actor, "session.close", actor.label)
    sessions.clear_cookie(response, request, master.settings)


@router.get("/users")
def list_users(actor: CurrentUser, session: ReadSession) -> list[UserView]:
    authorize(actor, Action.ADMINISTER)
    return users.list_all(session)


@router.post("/users", status_code=status.HTTP_201_CREATED)
def create_user(body: UserCreate, actor: CurrentUser, session: WriteSession) -> UserView:
    return users.view(users.create(session, actor, body))


@router.patch("/users/{user_id}")
def change_user(
    user_id: str, body: UserUpdate, actor: CurrentUser, request: Request, session: WriteSession
) -> UserView:
    return users.view(users.change(session, actor, user_id, body, request.state.session_id))


@router.get("/tokens")
def list_tokens(actor: CurrentUser, session: ReadSession) -> list[TokenView]:
    return api_tokens.list_for(session, actor)


@router.post("/tokens", status_code=status.HTTP_201_CREATED)
def create_token(body: TokenCreate, actor: CurrentUser, session: WriteSession) -> TokenCreated:
    return api_tokens.create(session, actor, body)


@router.delete("/tokens/{token_id}", status_code=status.HTTP_204_NO_CONTENT)
def revoke_token(token_id: str, actor: CurrentUser, session: WriteSession) -> None:
    api_tokens.revoke(session, actor, token_id)


@router.post("/join-tokens", status_code=status.HTTP_201_CREATED)
def create_join_token(
    body: JoinTokenCreate, actor: CurrentUser, request: Request, master: MasterDep, session: WriteSession
) -> JoinTokenCreated:
    return api_tokens.create_join(session, actor, body, public_url(request, master.settings))


@router.get("/audit")
def read_audit(
    actor: CurrentUser,
    session: ReadSession,
    cursor: Cursor = None,
    limit: Limit = 100,
    action: Annotated[str | None, Query(max_length=60)] = None,
) -> Page[AuditEntryView]:
    authorize(actor, Action.ADMINISTER)
    return audit.page(session, cursor=cursor, limit=limit, action=action)
