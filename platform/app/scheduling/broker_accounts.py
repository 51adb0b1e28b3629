"""Who may do what at the broker: the master all, each node nothing but take doorbells from its own queue."""

import hashlib
import hmac
import logging
from typing import Final
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import redis

from proteinx.contracts.queues import node_queue

log = logging.getLogger(__name__)

TIMEOUT_SECONDS: Final = 1.0
KEPT_BELLS: Final = 100
LEAST_PASSWORD: Final = 16

_COMMANDS: Final = (
    "+ping +hello +auth +select +client|setname +multi +exec "  # connecting
    "+sadd +llen +exists +brpop +rpop +lpush"  # declaring its queue, taking from it, giving back at shutdown
)
_OPTIONAL: Final = "+client|setinfo"
"""redis-py says its name with it where the server (7.2 and later) knows the command."""


class WeakBrokerPassword(ValueError):
    """An external broker whose password anyone could guess."""


def require_strong_password(url: str) -> None:
    """Raises WeakBrokerPassword. A doorbell has no authority, but who owns the broker can silence it."""
    password = unquote(urlsplit(url).password or "")
    if len(password) < LEAST_PASSWORD or len(set(password)) < LEAST_PASSWORD // 2:
        raise WeakBrokerPassword(
            f"PROTEINX_REDIS_URL needs a password of at least {LEAST_PASSWORD} characters that is not a repetition "
            "(redis://:<password>@host:port/0); set one at the broker, or leave the variable out for the built-in one."
        )


def account(node_id: str) -> str:
    return f"node-{node_id}"


def node_password(secret: str, node_id: str) -> str:
    """Derived, so that it need not be kept anywhere: the same for a node until `secret` changes."""
    return hmac.new(secret.encode(), f"node:{node_id}".encode(), hashlib.sha256).hexdigest()


def node_rules(secret: str, node_id: str, *, optional: bool = True) -> list[str]:
    """The words of `ACL SETUSER` for one node."""
    queue = node_queue(node_id)
    digest = hashlib.sha256(node_password(secret, node_id).encode()).hexdigest()
    commands = f"{_COMMANDS} {_OPTIONAL}" if optional else _COMMANDS
    keys = [f"~{queue}", f"~{queue}.*", f"~_kombu.binding.{queue}", f"~_kombu.binding_permanent.{queue}"]
    return ["reset", "on", f"#{digest}", *keys, "-@all", *commands.split()]


def as_user(url: str, user: str, password: str, netloc: str | None = None) -> str:
    """`url` with another account, and another `host:port` if one is given."""
    parts = urlsplit(url)
    place = netloc or parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{quote(user, safe='')}:{quote(password, safe='')}@{place}"))


class Accounts:
    """Creates and removes nodes' accounts at a running server. Raises redis.RedisError while it is away."""

    def __init__(self, url: str, secret: str) -> None:
        self._secret = secret
        self._client: redis.Redis = redis.Redis.from_url(
            url, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS, decode_responses=True
        )

    def ping(self) -> None:
        self._client.ping()

    def users(self) -> set[str]:
        """Names of the accounts; empty where this master may not ask."""
        try:
            return set(self._client.execute_command("ACL", "USERS"))
        except redis.exceptions.NoPermissionError:
            return set()

    def admit(self, node_id: str) -> bool:
        """Whether the server has an account for the node now; False where this master may not make accounts."""
        try:
            try:
                self._set(node_id, optional=True)
            except redis.exceptions.NoPermissionError:
                raise
            except redis.ResponseError:
                self._set(node_id, optional=False)
        except redis.ResponseError as error:
            log.warning("nodes share the master's account at the broker: it lets us make no others (%s)", error)
            return False
        return True

    def dismiss(self, node_id: str) -> None:
        """Ends the account and its connections, and forgets the bells that nobody will hear."""
        self._client.execute_command("ACL", "DELUSER", account(node_id))
        self._client.delete(node_queue(node_id))

    def thin(self, node_id: str) -> None:
        """Keeps the newest bells of a node that does not listen: what it has not answered is rung again anyway."""
        self._client.ltrim(node_queue(node_id), 0, KEPT_BELLS - 1)

    def close(self) -> None:
        self._client.close()

    def _set(self, node_id: str, *, optional: bool) -> None:
        rules = node_rules(self._secret, node_id, optional=optional)
        self._client.execute_command("ACL", "SETUSER", account(node_id), *rules)
