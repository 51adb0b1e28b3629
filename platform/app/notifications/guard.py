"""Keeps notifications away from the master's own machine: else anybody could make it call what only it can reach."""

import ipaddress
import socket
from typing import Final

from app.errors import Unprocessable

REFUSED: Final = "local_destination"


class Refused(Exception):
    """The address leads to a place that notifications may not go to, or nowhere."""


def reach(host: str, port: int, *, local: bool) -> str:
    """The IP address to connect to: the very one that was looked at. Raises Refused.

    Every address of the name is judged, so that one that is allowed does not cover for another.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Refused(f"there is no host {host}") from error
    addresses = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    if not local and any(_is_local(address) for address in addresses):
        raise Refused(f"{host} is an address of the master's own machine or link (PROTEINX_NOTIFY_LOCAL allows them)")
    return str(addresses[0])


def require_allowed(host: str, port: int, *, local: bool) -> None:
    """Raises Unprocessable for one that would be refused; a name that is not known yet may come to be."""
    try:
        reach(host, port, local=local)
    except Refused as error:
        if isinstance(error.__cause__, OSError):
            return
        raise Unprocessable(REFUSED, f"{str(error)[:1].upper()}{str(error)[1:]}.", field="url") from error


def _is_local(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inner is not None and _is_local(inner):
            return True
    return (
        address.is_loopback
        or address.is_link_local
        or address.is_unspecified
        or address.is_multicast
        or (address.is_reserved and not address.is_private)
    )
