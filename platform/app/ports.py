"""A port for a child, kept free for it: between asking the kernel for one and the child's bind, seconds pass."""

import socket
import sys
from typing import Final

LOOPBACK: Final = "127.0.0.1"


class HeldPort:
    """Bound here but listened at by nobody: who connects is refused, and the kernel gives it to nobody else.

    On Linux a server that sets SO_REUSEADDR, as uvicorn, Valkey and nginx do, may listen at it all the same. Where
    that is not so the port is let go at once, and somebody else may be quicker.
    """

    def __init__(self, port: int = 0, host: str = LOOPBACK) -> None:
        """Raises OSError if `port` is taken."""
        self._socket = _bound(host, port)
        self.port: int = self._socket.getsockname()[1]
        if not self._may_be_listened_at(host):
            self.release()

    def release(self) -> None:
        self._socket.close()

    def _may_be_listened_at(self, host: str) -> bool:
        if sys.platform != "linux":
            return False
        try:
            with _bound(host, self.port) as server:
                server.listen(1)
        except OSError:
            return False
        return True


def _bound(host: str, port: int) -> socket.socket:
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
    except OSError:
        made.close()
        raise
    return made
