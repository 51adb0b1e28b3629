"""People, sessions and tokens."""

from pydantic import TypeAdapter

from proteinx.client.transport import Transport, segment
from proteinx.contracts.accounts import (
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
from proteinx.contracts.quotas import Quota, QuotaView

_USERS = TypeAdapter(list[UserView])
_TOKENS = TypeAdapter(list[TokenView])
_QUOTAS = TypeAdapter(list[QuotaView])


class Accounts:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def setup(self, request: Setup) -> UserView:
        """Makes the first admin and signs in on this connection."""
        return self._transport.post("/api/setup", UserView, request)

    def sign_in(self, name: str, password: str) -> UserView:
        """Signs in on this connection (a session cookie); make a token with it."""
        return self._transport.post("/api/session", UserView, SignIn(name=name, password=password))

    def sign_out(self) -> None:
        self._transport.request("DELETE", "/api/session")

    def me(self) -> UserView:
        return self._transport.get("/api/session", UserView)

    def users(self) -> list[UserView]:
        return self._transport.get("/api/users", _USERS)

    def create_user(self, request: UserCreate) -> UserView:
        return self._transport.post("/api/users", UserView, request)

    def update_user(self, user_id: str, request: UserUpdate) -> UserView:
        reply = self._transport.request("PATCH", f"/api/users/{segment(user_id)}", json=request)
        return UserView.model_validate_json(reply.content)

    def quotas(self) -> list[QuotaView]:
        """Of everybody, with what they have had and have now."""
        return self._transport.get("/api/quotas", _QUOTAS)

    def quota(self, name: str) -> QuotaView:
        return self._transport.get(_quota_path(name), QuotaView)

    def set_quota(self, name: str, quota: Quota) -> QuotaView:
        reply = self._transport.request("PUT", _quota_path(name), json=quota)
        return QuotaView.model_validate_json(reply.content)

    def remove_quota(self, name: str) -> QuotaView:
        """Everybody's quota counts again."""
        return QuotaView.model_validate_json(self._transport.request("DELETE", _quota_path(name)).content)

    def tokens(self) -> list[TokenView]:
        return self._transport.get("/api/tokens", _TOKENS)

    def create_token(self, name: str, days: int = 90) -> TokenCreated:
        return self._transport.post("/api/tokens", TokenCreated, TokenCreate(name=name, days=days))

    def delete_token(self, token_id: str) -> None:
        self._transport.request("DELETE", f"/api/tokens/{segment(token_id)}")

    def create_join_token(self, uses: int = 1, hours: float = 1.0) -> JoinTokenCreated:
        return self._transport.post("/api/join-tokens", JoinTokenCreated, JoinTokenCreate(uses=uses, hours=hours))


def _quota_path(name: str) -> str:
    return f"/api/users/{segment(name)}/quota"
