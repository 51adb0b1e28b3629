"""From the address that a person pastes to the service it belongs to, and to what of it may be shown."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, quote, urlsplit

from app.errors import Unprocessable
from app.notifications import guard
from proteinx.contracts.notifications import Kind

_SCHEMES: Final[dict[str, Kind]] = {
    "feishu": "feishu",
    "lark": "lark",
    "wecombot": "wecom",
    "dingtalk": "dingtalk",
    "slack": "slack",
    "mailto": "email",
    "mailtos": "email",
    "http": "webhook",
    "https": "webhook",
}
_ROBOTS: Final[dict[str, tuple[Kind, re.Pattern[str]]]] = {
    "open.feishu.cn": ("feishu", re.compile(r"/open-apis/bot/v2/hook/([\w-]+)/?")),
    "open.larksuite.com": ("lark", re.compile(r"/open-apis/bot/v2/hook/([\w-]+)/?")),
    "hooks.slack.com": ("slack", re.compile(r"/services/(\w+/\w+/\w+)/?")),
}
"""Hosts of services that give out plain addresses, with where the token is in the path."""
_UNSIGNED: Final = frozenset({"slack", "wecom"})
"""Their robots have no secret beside the address."""


@dataclass(frozen=True, slots=True)
class Address:
    kind: Kind
    url: str
    """`kind://[secret@]token`, as Apprise has it, or the webhook's own."""
    shown: str
    host: str | None
    """Where this machine itself connects to, if that is for a person to say."""
    port: int


def parse(url: str, secret: str | None) -> Address:
    """Raises Unprocessable("bad_destination") for what is none of the services."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError as error:
        raise _bad("The address can't be read.") from error
    kind = _SCHEMES.get(parts.scheme.lower())
    if kind is None or not parts.netloc:
        raise _bad(f"{parts.scheme or 'This'} is no service that is known here.")
    if kind == "webhook":
        return _robot(url.strip(), secret) or _webhook(url.strip())
    if kind == "email":
        default = 587 if parts.scheme == "mailtos" else 25
        smtp = parse_qs(parts.query).get("smtp", [parts.hostname or ""])[0]
        return Address(kind, url.strip(), f"{parts.scheme}://{parts.hostname}", smtp, port or default)
    rest = url.strip().partition("://")[2].rstrip("/")
    return _service(kind, rest if kind in _UNSIGNED or "@" in rest else _signed(rest, secret))


def _webhook(url: str) -> Address:
    parts = urlsplit(url)
    if parts.username is not None or not parts.hostname:
        raise _bad("Give the address without a user name; what it sends is signed.")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return Address("webhook", url, f"{parts.scheme}://{parts.hostname}:{port}/…", parts.hostname, port)


def _robot(url: str, secret: str | None) -> Address | None:
    """A service's own address, put as `kind://[secret@]token`."""
    parts = urlsplit(url)
    host, query = (parts.hostname or "").lower(), parse_qs(parts.query)
    if host in _ROBOTS:
        kind, path = _ROBOTS[host]
        match = path.fullmatch(parts.path)
        if match is None:
            raise _bad(f"This is not the whole address that the robot of {host} has.")
        return _service(kind, match[1] if kind == "slack" else _signed(match[1], secret))
    if host == "qyapi.weixin.qq.com":
        return _service("wecom", _word(query, "key", host))
    if host == "oapi.dingtalk.com":
        return _service("dingtalk", _signed(_word(query, "access_token", host), secret))
    return None


def _service(kind: Kind, rest: str) -> Address:
    scheme = "wecombot" if kind == "wecom" else kind
    return Address(kind, f"{scheme}://{rest}", f"{kind} …{rest[-3:]}", None, 443)


def _signed(token: str, secret: str | None) -> str:
    return f"{quote(secret, safe='')}@{token}" if secret else token


def _word(query: dict[str, list[str]], name: str, host: str) -> str:
    value = query.get(name, [""])[0]
    if not re.fullmatch(r"[\w-]+", value):
        raise _bad(f"The address of a robot of {host} has {name}=... at its end.")
    return value


def _bad(detail: str) -> Unprocessable:
    told = "Give the robot's address of Feishu, Lark, WeCom, DingTalk or Slack, mailtos://..., or any http(s) address."
    return Unprocessable("bad_destination", f"{detail} {told}", field="url")


def require_allowed(address: Address, *, local: bool) -> None:
    """Raises Unprocessable for an address on this very machine."""
    if address.host is not None:
        guard.require_allowed(address.host, address.port, local=local)
