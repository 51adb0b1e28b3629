"""A page of one file, with the Content-Security-Policy that lets its own script and style run and nothing else."""

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


@cache
def load(name: str, mode: str = "") -> tuple[str, str]:
    """The page's HTML, with `@MODE@` filled in, and its policy."""
    html = (FOLDER / name).read_text(encoding="utf-8").replace("@MODE@", mode)
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
