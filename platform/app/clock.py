"""The master's clock, the only one that decides anything."""

from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)
