"""The built portal: which files there are, and the headers that each goes out with."""

import mimetypes
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Final

INDEX: Final = "index.html"
_FOREVER: Final = "public, max-age=31536000, immutable"
_REVALIDATE: Final = "no-cache"
_HASHED: Final = "assets/"
"""Files below it carry the hash of their content in their name."""
_HIDDEN: Final = (".vite/",)
_RESERVED: Final = frozenset({"api", "mlflow", "docs", "openapi.json", "metrics"})

POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",  # the component kit writes its styles as it draws
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


class PortalFiles:
    """What `px portal build` made in `folder`; looked at anew each time, so that a build shows without a restart."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def is_built(self) -> bool:
        return (self.folder / INDEX).is_file()

    @property
    def failure(self) -> str | None:
        """Why the last build failed, as `px portal build` wrote it down."""
        path = self.folder.with_name(f"{self.folder.name}.failed")
        return path.read_text(encoding="utf-8").strip() if path.is_file() else None

    @cached_property
    def _root(self) -> Path:
        return self.folder.resolve()

    def find(self, path: str) -> Path | None:
        """The file at a URL's path; `index.html` for a page of the portal's own; None for a file that is not there."""
        name = path.lstrip("/")
        file = (self._root / name).resolve()
        if name and self._is_served(file) and file.is_file():
            return file
        is_file = name.startswith(_HASHED) or ("/" not in name and bool(PurePosixPath(name).suffix))
        return self._root / INDEX if self.is_built and not is_file else None

    def _is_served(self, file: Path) -> bool:
        if not file.is_relative_to(self._root):
            return False
        name = file.relative_to(self._root).as_posix()
        return not name.startswith(_HIDDEN) and file.suffix != ".gz"

    def headers(self, file: Path) -> dict[str, str]:
        name = file.relative_to(self._root).as_posix()
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        text = kind.startswith("text/") or kind in ("application/javascript", "application/json", "image/svg+xml")
        headers = {
            "Content-Type": f"{kind}; charset=utf-8" if text else kind,
            "Cache-Control": _FOREVER if name.startswith(_HASHED) else _REVALIDATE,
            "Vary": "Accept-Encoding",
        }
        if name.endswith(".html"):
            headers |= {"Content-Security-Policy": POLICY, "X-Frame-Options": "DENY"}
        return headers


def is_portal_path(path: str) -> bool:
    """Whether a URL's path belongs to the portal: to no other part of the master, and well-formed."""
    first, _, rest = path.removeprefix("/").partition("/")
    return path.startswith("/") and first not in _RESERVED and "//" not in path and (bool(first) or not rest)
