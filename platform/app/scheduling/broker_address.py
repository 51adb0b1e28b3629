"""Under which address other machines find the built-in broker."""

import ipaddress
import socket
from typing import Final
from urllib.parse import urlsplit

_FAR: Final = ("192.0.2.1", 9)
"""An address kept for documentation; nothing is sent there, only the way to it is looked up."""


def is_wildcard(bind: str) -> bool:
    return bind in ("", "*", "0.0.0.0", "::")  # noqa: S104  compared, not bound


def for_nodes(bind: str, public_url: str | None) -> str:
    """The bound address itself; behind a wildcard the host of the public URL, or this machine's own address."""
    if not is_wildcard(bind):
        return _bracketed(bind)
    host = urlsplit(public_url).hostname if public_url else None
    return _bracketed(host or _own_address())


def _own_address() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_FAR)
        except OSError:  # no network at all: then only this machine can be meant
            return "127.0.0.1"
        return str(probe.getsockname()[0])


def _bracketed(host: str) -> str:
    try:
        return f"[{host}]" if ipaddress.ip_address(host).version == 6 else host
    except ValueError:  # a name
        return host
