"""The portal, at every address that no route has."""

from html import escape

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.accounts.actor import UserActor
from app.errors import NotFound
from app.pages import page
from app.portal.files import PortalFiles, is_portal_path


class Portal:
    """What the router falls back to: no route of its own, so that it never hides one or its allowed methods."""

    def __init__(self, files: PortalFiles, otherwise: ASGIApp) -> None:
        self._files = files
        self._otherwise = otherwise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = self._answer(Request(scope)) if _is_asked(scope) else None
        await (response or self._otherwise)(scope, receive, send)

    def _answer(self, request: Request) -> Response | None:
        """A file of the built portal, or its one page for any other address: the portal reads the address itself."""
        if not self._files.is_built:
            wants_home = request.url.path == "/" and isinstance(request.state.actor, UserActor)
            return _not_built(self._files) if wants_home else None
        file = self._files.find(request.url.path)
        if file is None:
            raise NotFound("not_found", "There is no such file in the portal; reload the page, it may be newer.")
        headers = self._files.headers(file)
        packed = file.with_name(f"{file.name}.gz")
        if "gzip" in request.headers.get("accept-encoding", "") and packed.is_file():
            return FileResponse(packed, headers=headers | {"Content-Encoding": "gzip"})
        return FileResponse(file, headers=headers)


def _is_asked(scope: Scope) -> bool:
    return scope["type"] == "http" and scope["method"] in ("GET", "HEAD") and is_portal_path(scope["path"])


def _not_built(files: PortalFiles) -> HTMLResponse:
    html, policy = page.load("not_built.html", escape(files.failure or ""))
    return HTMLResponse(html, headers={"Content-Security-Policy": policy, "Cache-Control": "no-store"})
