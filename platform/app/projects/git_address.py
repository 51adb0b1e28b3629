"""Which git addresses the master will fetch from, and how they are written to git."""

import re
from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

from app.errors import Unprocessable
from proteinx.contracts.paths import BadPathError, check_path
from proteinx.contracts.projects import GitSource

_SHORT_SSH: Final = re.compile(r"(?P<user>[\w.-]+)@(?P<host>[\w.-]+):(?P<path>[^/].*)")
_HOST: Final = re.compile(r"[A-Za-z0-9\[][A-Za-z0-9.:\[\]-]*")
_UNSAFE: Final = re.compile(r"[\x00-\x20\x7f]")
_VERSION: Final = re.compile(r"[A-Za-z0-9_][\w./@+-]{0,199}")


def check(source: GitSource, allowed: Collection[str]) -> str:
    """The address for git. Raises Unprocessable naming what of the source is not taken, and why."""
    uri = _long_form(source.uri)
    parts = urlsplit(uri)
    if _UNSAFE.search(uri) or uri.startswith("-") or not parts.scheme:
        raise _refusal("bad_git_uri", "This is no git address; write https://HOST/PATH or ssh://git@HOST/PATH.")
    if parts.scheme not in allowed:
        raise _refusal(
            "git_scheme_refused",
            f"This master fetches by {', '.join(sorted(allowed)) or 'nothing'}, not by {parts.scheme}; an admin can "
            "allow it (PROTEINX_GIT_SCHEMES), or clone it and send the folder.",
        )
    if parts.password is not None or (parts.username and parts.scheme != "ssh"):
        raise _refusal("credentials_in_uri", "Leave name and password out of the address: it would be kept and shown.")
    if parts.query or parts.fragment:
        raise _refusal("bad_git_uri", "Leave out what follows ? or # in the address; give subdirectory by itself.")
    if parts.scheme != "file" and (not parts.hostname or not _HOST.fullmatch(parts.hostname)):
        raise _refusal("bad_git_uri", f"{parts.hostname!r} is no host name.")
    if source.version is not None and (not _VERSION.fullmatch(source.version) or ".." in source.version):
        raise Unprocessable("bad_version", f"{source.version!r} is no branch, tag or commit.", field="version")
    if source.subdirectory.strip("/"):
        try:
            check_path(source.subdirectory.strip("/"))
        except BadPathError as error:
            raise Unprocessable("bad_path", str(error), field="subdirectory") from error
    return uri


def _long_form(uri: str) -> str:
    """`git@host:path` is `ssh://git@host/path`."""
    short = _SHORT_SSH.fullmatch(uri)
    return f"ssh://{short['user']}@{short['host']}/{short['path']}" if short else uri


def _refusal(code: str, detail: str) -> Unprocessable:
    return Unprocessable(code, detail, field="uri")
