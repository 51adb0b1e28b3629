"""The gate in front of everything: no route, mounted app or page answers without a credential, but the few below.

The built portal's own files (`app/portal`) are the other exception: they are the page on which one signs in.
It finds out who is asking and leaves that in `scope["state"]["actor"]`; what they may do is `authorize`'s business.
"""

from collections.abc import MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any, Final

from fastapi.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import errors
from app.accounts import identity, sessions
from app.accounts.actor import JoinActor
from app.accounts.audit import client_address
from app.accounts.connection import client_of, is_cross_site, is_same_origin
from app.accounts.identity import Identity
from app.accounts.sign_in_page import sign_in_page
from app.errors import AppError, Forbidden, Unauthorized
from app.master import Master
from app.packages import wheel
from app.portal.files import PortalFiles, is_portal_path

PUBLIC: Final = frozenset(
    {
        ("GET", "/api/health"),
        ("HEAD", "/api/health"),
        ("POST", "/api/setup"),  # these two carry their credential in the body
        ("POST", "/api/session"),
        ("GET", wheel.PATH),  # pip can't sign in; the file is the public source code
    }
)
JOIN: Final = ("POST", "/api/nodes/register")
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class Gate:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        master: Master = scope["app"].state.master
        client_address.set(client_of(connection, master.settings))
        try:
            await self._admit(connection, master)
        except AppError as error:
            await self._refuse(connection, master, error, receive, send)
            return
        await self._app(scope, receive, _with_safe_headers(scope, send))

    async def _admit(self, connection: HTTPConnection, master: Master) -> None:
        """Raises Unauthorized or Forbidden unless the request may pass."""
        method = "GET" if connection.scope["type"] == "websocket" else connection.scope["method"]
        call = (method, connection.scope["path"])
        if _is_portal(connection):
            return
        if call in PUBLIC:
            if method == "POST" and is_cross_site(connection, master.settings):
                raise Forbidden("cross_site", "Sign in on this master's own page.")
            return
        found = await run_in_threadpool(identify, connection, master)
        if found is None:
            raise Unauthorized(
                "unauthorized",
                "Sign in, or send `Authorization: Bearer <token>`.",
                headers={"WWW-Authenticate": 'Bearer realm="proteinx"'},
            )
        if isinstance(found.actor, JoinActor) and call != JOIN:
            raise Forbidden("join_only", "A join token is only good for registering a node.")
        state = connection.scope.setdefault("state", {})
        state["actor"], state["session_id"] = found.actor, found.session_id

    async def _refuse(
        self, connection: HTTPConnection, master: Master, error: AppError, receive: Receive, send: Send
    ) -> None:
        response: Response = errors.render(error)
        if isinstance(error, Unauthorized) and _is_navigation(connection):
            response = await run_in_threadpool(sign_in_page, master, error.headers)
        response.headers["Cache-Control"] = "no-store"
        if connection.scope["type"] == "websocket":
            await _deny_websocket(connection.scope, response, receive, send)
        else:
            await response(connection.scope, receive, _with_safe_headers(connection.scope, send))


def identify(connection: HTTPConnection, master: Master) -> Identity | None:
    """A bearer token that is sent must be good; a cookie that has run out is as none.

    Raises Unauthorized for a bad bearer, Forbidden for another site's use of the cookie.
    """
    headers = connection.headers.getlist("authorization")
    if headers:
        scheme, _, text = headers[0].partition(" ")
        found = identity.of_bearer(master.db, text.strip()) if scheme.lower() == "bearer" else None
        if found is None or len(headers) > 1:
            raise Unauthorized(
                "bad_token",
                "This token is wrong, has run out or was revoked; make a new one.",
                headers={"WWW-Authenticate": 'Bearer realm="proteinx", error="invalid_token"'},
            )
        return found
    cookie = _cookie(connection, sessions.cookie_name(connection, master.settings))
    found = identity.of_cookie(master.db, cookie) if cookie else None
    unsafe = connection.scope["type"] == "websocket" or connection.scope["method"] not in SAFE
    if found and unsafe and not is_same_origin(connection, master.settings):
        raise Forbidden(
            "cross_site",
            "Another site may not use this sign-in. Programs send `Authorization: Bearer <token>`"
            " or an Origin header with this master's own address.",
        )
    return found


def _cookie(connection: HTTPConnection, name: str) -> str | None:
    jar: SimpleCookie = SimpleCookie()
    for header in connection.headers.getlist("cookie"):
        try:
            jar.load(header)
        except CookieError:  # somebody else's malformed cookie on this host is no credential, and no fault of ours
            return None
    return jar[name].value if name in jar else None


def _is_portal(connection: HTTPConnection) -> bool:
    """The portal's files hold nothing but the program that signs people in; all it shows comes from behind the gate."""
    scope = connection.scope
    if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD") or not is_portal_path(scope["path"]):
        return False
    portal: PortalFiles = scope["app"].state.portal
    return portal.is_built


def _is_navigation(connection: HTTPConnection) -> bool:
    scope = connection.scope
    wants_page = "text/html" in connection.headers.get("accept", "")
    return scope["type"] == "http" and scope["method"] == "GET" and wants_page


def _with_safe_headers(scope: Scope, send: Send) -> Send:
    """What every reply carries unless its route says otherwise."""
    private = scope["path"].startswith("/api/")

    async def safer(message: Message) -> None:
        if message["type"] == "http.response.start":
            _add_headers(message, private)
        await send(message)

    return safer


def _add_headers(message: MutableMapping[str, Any], private: bool) -> None:
    headers = list(message.get("headers", []))
    present = {name.lower() for name, _ in headers}
    wanted = [(b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"same-origin")]
    if private:
        wanted.append((b"cache-control", b"no-store"))
    message["headers"] = headers + [item for item in wanted if item[0] not in present]


async def _deny_websocket(scope: Scope, response: Response, receive: Receive, send: Send) -> None:
    await receive()  # the handshake
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": 1008})
        return
    await send(
        {"type": "websocket.http.response.start", "status": response.status_code, "headers": response.raw_headers}
    )
    await send({"type": "websocket.http.response.body", "body": response.body})
