"""Argon2id passwords. Whether a name exists can't be told from the time an answer takes."""

import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher()
_turn = threading.BoundedSemaphore(2)  # each check takes 64 MiB; guesses must not take the machine's memory


@cache
def _nobody() -> str:
    return _hasher.hash("no password of anybody")


def hash_password(password: str) -> str:
    with _turn:
        return _hasher.hash(password)


def verify_password(password: str, stored_hash: str | None) -> bool:
    """False for a wrong password, and as slowly for a name that has none."""
    with _turn:
        try:
            matches = _hasher.verify(stored_hash or _nobody(), password)
        except (VerificationError, InvalidHashError):
            return False
    return matches and stored_hash is not None
