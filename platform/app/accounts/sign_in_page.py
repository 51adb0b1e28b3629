"""The page a browser gets in place of one it may not see yet: sign in, or set the first admin up."""

from collections.abc import Mapping

from starlette.responses import HTMLResponse

from app.accounts import setup
from app.master import Master
from app.pages import page


def sign_in_page(master: Master, headers: Mapping[str, str]) -> HTMLResponse:
    with master.db.read() as session:
        mode = "setup" if setup.is_required(session) else "sign-in"
    html, policy = page.load("sign_in.html", mode)
    return HTMLResponse(html, status_code=401, headers={**headers, "Content-Security-Policy": policy})
