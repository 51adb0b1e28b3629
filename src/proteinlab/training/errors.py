"""How a run ends when it cannot go on."""

from proteinlab.errors import UserError

__all__ = ["Terminated", "UserError"]


class Terminated(BaseException):
    """SIGTERM was received. A BaseException, so that nothing that handles errors takes it for one."""
