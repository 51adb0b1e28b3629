"""Ports for servers that a test starts, kills and starts again, and for places where nobody listens."""

from app.ports import HeldPort

_HELD: list[HeldPort] = []


def free_port() -> int:
    """Kept for who asked as long as this process lives: no other test, server or outgoing connection is given it."""
    held = HeldPort()
    _HELD.append(held)
    return held.port
