"""People: who they are, what role they have, and that at least one admin stays."""

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts import audit, sessions
from app.accounts.actor import UserActor
from app.accounts.authorize import Action, authorize
from app.accounts.passwords import hash_password, verify_password
from app.clock import now
from app.errors import Conflict, Forbidden, NotFound
from app.models import User
from proteinx.contracts.accounts import Role, UserCreate, UserUpdate, UserView


def view(user: User) -> UserView:
    return UserView(
        id=user.id, name=user.name, role=Role(user.role), disabled=user.disabled, created_at=user.created_at
    )


def named(session: Session, name: str) -> User | None:
    """Names differ by more than case."""
    return session.scalar(select(User).where(func.lower(User.name) == name.lower()))


def by_id(session: Session, user_id: str) -> User:
    user = session.get(User, user_id)
    if user is None:
        raise NotFound("unknown_user", "There is no such user.")
    return user


def list_all(session: Session) -> list[UserView]:
    return [view(user) for user in session.scalars(select(User).order_by(User.name))]


def create(session: Session, actor: UserActor, request: UserCreate) -> User:
    """Raises Conflict for a name that is taken."""
    authorize(actor, Action.ADMINISTER)
    taken = Conflict("name_taken", f"There is a user {request.name} already.", field="name")
    if named(session, request.name):
        raise taken
    user = User(
        name=request.name,
        role=request.role.value,
        password_hash=hash_password(request.password),
        disabled=False,
        created_at=now(),
    )
    session.add(user)
    try:
        session.flush()
    except IntegrityError as error:
        raise taken from error
    audit.write(session, actor, "user.create", f"user:{user.name}", {"role": user.role})
    return user


def change(session: Session, actor: UserActor, user_id: str, request: UserUpdate, session_id: str | None) -> User:
    """Admins change anybody; people change their own password, with the present one.

    Raises Conflict if no admin would be left. A disabled user's sessions end at once, and so do all but the
    present one when a password changes.
    """
    user = by_id(session, user_id)
    if request.role is not None or request.disabled is not None or user.id != actor.id:
        authorize(actor, Action.ADMINISTER)
    demoted = request.role not in (None, Role.ADMIN) or request.disabled is True
    if user.role == Role.ADMIN and not user.disabled and demoted:
        _require_another_admin(session, user)
    if request.password is not None:
        if user.id == actor.id and not verify_password(request.current_password or "", user.password_hash):
            raise Forbidden("wrong_password", "Give your present password as current_password.")
        user.password_hash = hash_password(request.password)
        sessions.close_sessions_of(session, user.id, keep=session_id if user.id == actor.id else None)
    if request.role is not None:
        user.role = request.role.value
    if request.disabled is not None:
        user.disabled = request.disabled
    if user.disabled:
        sessions.close_sessions_of(session, user.id)
    session.flush()
    audit.write(session, actor, "user.change", f"user:{user.name}", _changes(request))
    return user


def _changes(request: UserUpdate) -> dict[str, object]:
    changes: dict[str, object] = {}
    if request.role is not None:
        changes["role"] = request.role.value
    if request.disabled is not None:
        changes["disabled"] = request.disabled
    if request.password is not None:
        changes["password"] = "changed"
    return changes


def _require_another_admin(session: Session, user: User) -> None:
    admins = select(User.id).where(User.role == Role.ADMIN.value, User.disabled.is_(False)).with_for_update()
    if set(session.scalars(admins)) <= {user.id}:
        raise Conflict("last_admin", "This is the last admin; make another one first.")
