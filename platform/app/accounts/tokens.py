"""Bearer tokens: `<prefix>_<id>_<secret>`. The id finds the row, a SHA-256 of the 256-bit secret proves it."""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field

from app.models.base import new_id

COOKIE_TOKEN = "px_c"
"""Prefix of what a session cookie holds; never accepted as a bearer token."""

_TOKEN = re.compile(r"(px_[a-z])_([0-9a-f]{16})_([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Token:
    prefix: str
    id: str
    secret: str = field(repr=False)


def make(prefix: str) -> tuple[str, str, str]:
    """A new (id, secret, text); only `text` ever leaves the master, only `hash_secret(secret)` is stored."""
    token_id, secret = new_id(), secrets.token_hex(32)
    return token_id, secret, f"{prefix}_{token_id}_{secret}"


def parse(text: str) -> Token | None:
    match = _TOKEN.fullmatch(text)
    return Token(*match.groups()) if match else None


def hash_secret(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def verify(secret: str, stored_hash: str | None) -> bool:
    return stored_hash is not None and hmac.compare_digest(hash_secret(secret), stored_hash)
