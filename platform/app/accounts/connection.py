"""What a request says of where it comes from: address, scheme, origin."""

from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from app.settings import Settings


def _trusted(address: str, settings: Settings) -> bool:
    try:
        ip = ip_address(address)
        return any(ip in ip_network(network, strict=False) for network in settings.trusted_proxies)
    except ValueError:
        return False


def client_of(connection: HTTPConnection, settings: Settings) -> str:
    """The client's address; X-Forwarded-For counts only as far as trusted proxies wrote it."""
    address = connection.client.host if connection.client else "unknown"
    hops = [hop.strip() for hop in connection.headers.get("x-forwarded-for", "").split(",") if hop.strip()]
    while hops and _trusted(address, settings):
        address = hops.pop()
    return address


def is_secure(connection: HTTPConnection, settings: Settings) -> bool:
    """Whether the browser speaks TLS, to us or to a trusted proxy in front."""
    if connection.scope["scheme"] in ("https", "wss"):
        return True
    peer = connection.client.host if connection.client else ""
    return _trusted(peer, settings) and connection.headers.get("x-forwarded-proto", "").lower() == "https"


def is_same_origin(connection: HTTPConnection, settings: Settings) -> bool:
    """Whether a browser says that our own pages sent this; False where it says nothing."""
    site = connection.headers.get("sec-fetch-site")
    origin = connection.headers.get("origin")
    if (site is None and origin is None) or (site is not None and site != "same-origin"):
        return False
    return origin is None or _is_ours(origin, connection, settings)


def is_cross_site(connection: HTTPConnection, settings: Settings) -> bool:
    """Whether a browser says that another site's page sent this: it would sign a person in as somebody else."""
    from_page = connection.headers.get("sec-fetch-site", "none") != "none" or "origin" in connection.headers
    return from_page and not is_same_origin(connection, settings)


def _is_ours(origin: str, connection: HTTPConnection, settings: Settings) -> bool:
    parts = urlsplit(origin)
    if settings.public_url and origin == base_of(settings.public_url):
        return True
    if is_secure(connection, settings) and parts.scheme != "https":
        return False
    return parts.scheme in ("http", "https") and parts.netloc.lower() == connection.headers.get("host", "").lower()


def base_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def public_url(connection: HTTPConnection, settings: Settings) -> str:
    """How the asker reaches this master, without a slash at the end."""
    if settings.public_url:
        return settings.public_url.rstrip("/")
    scheme = "https" if is_secure(connection, settings) else "http"
    return f"{scheme}://{connection.headers.get('host', 'localhost')}"
