"""How the process keeps its memory."""

import ctypes
from typing import Final

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # of malloc.h
_KEPT_BYTES: Final = 1 << 30
_LARGEST_BYTES: Final = 32 << 20  # all that glibc allows


def keep_freed_memory() -> None:
    """Tensors that each step frees and asks for again stay in the process, up to 1 GiB of them.

    By default glibc hands them back to the kernel, which clears every page anew: on a CPU that takes a twelfth of a
    small network's step (1,000 page faults). Does nothing where malloc is not glibc's.
    """
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    if set_option is not None:
        set_option(_MMAP_THRESHOLD, _LARGEST_BYTES)
        set_option(_TRIM_THRESHOLD, _KEPT_BYTES)
