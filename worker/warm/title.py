"""What the machine shows of a forked process: its arguments and its environment in /proc.

The kernel shows the memory in which `exec` left both. A fork has its parent's, so the job's are written over it: that
is how `ps` names a job, and how its cookie is found again when its supervisor is gone. The launcher is started with
padding, so that there is room. Standard library only.
"""

import ctypes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PADDING: Final = "PROTEINX_PADDING"
ENVIRONMENT_BYTES: Final = 96 * 1024
ARGUMENT_BYTES: Final = 4096
_ARG_START: Final = 45
"""Of /proc/self/stat, counted from the field behind the name: arg_start, arg_end, env_start, env_end."""


@dataclass(frozen=True, slots=True)
class Title:
    arguments: int
    arguments_end: int
    environment: int
    environment_end: int

    @classmethod
    def own(cls) -> "Title":
        text = Path("/proc/self/stat").read_text()
        fields = text[text.rindex(")") + 2 :].split()
        return cls(*(int(field) for field in fields[_ARG_START : _ARG_START + 4]))

    def has_room_for(self, environment: Mapping[str, str]) -> bool:
        return len(_block(environment)) < self.environment_end - self.environment

    def show(self, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
        """Nothing may read the memory's old content any more: `os.environ` must have been set anew.

        Arguments that are too long are cut; the caller has asked whether there is room for the environment.
        """
        room = self.arguments_end - self.arguments
        line = " ".join(arguments).encode(errors="surrogateescape")[: room - 2]
        # A last byte that is not nought tells the kernel that this is one line of text, which ends at its first nought.
        ctypes.memmove(self.arguments, line.ljust(room - 1, b"\0") + b".", room)
        space = self.environment_end - self.environment
        ctypes.memmove(self.environment, _block(environment).ljust(space, b"\0"), space)


def _block(environment: Mapping[str, str]) -> bytes:
    return b"".join(f"{name}={value}".encode(errors="surrogateescape") + b"\0" for name, value in environment.items())
