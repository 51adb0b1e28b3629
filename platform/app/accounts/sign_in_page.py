"""The page a browser gets in place of one it may not see yet: sign in, or set the first admin up."""

import base64
import hashlib
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from starlette.responses import HTMLResponse

from app.accounts import setup
from app.master import Master

_FILE = Path(__file__).with_name("sign_in_page.html")


@cache
def _page(mode: str) -> tuple[str, str]:
    """The page and its Content-Security-Policy: nothing but its own script and style, by their hashes."""
    html = _FILE.read_text(encoding="utf-8").replace("@MODE@", mode)
    script, style = (_hash(html, tag) for tag in ("script", "style"))
    policy = (
        f"default-src 'none'; script-src '{script}'; style-src '{style}'; connect-src 'self';"
        " form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    )
    return html, policy


def _hash(html: str, tag: str) -> str:
    found = re.search(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
    assert found  # noqa: S101  the file is ours
    return "sha256-" + base64.b64encode(hashlib.sha256(found[1].encode()).digest()).decode()


def sign_in_page(master: Master, headers: Mapping[str, str]) -> HTMLResponse:
    with master.db.read() as session:
        mode = "setup" if setup.is_required(session) else "sign-in"
    html, policy = _page(mode)
    return HTMLResponse(html, status_code=401, headers={**headers, "Content-Security-Policy": policy})
