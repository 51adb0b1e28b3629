"""Running out of memory, and how large a batch may be."""

from collections.abc import Callable

import torch

_SIGNS = ("out of memory", "can't allocate memory", "cublas_status_alloc_failed")


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error says that a device or the machine has no memory left for a tensor."""
    if isinstance(error, torch.OutOfMemoryError):
        return True
    return isinstance(error, RuntimeError) and any(sign in str(error).lower() for sign in _SIGNS)


def largest_that_fits(fits: Callable[[int], bool], smallest: int, limit: int) -> int | None:
    """The largest of `smallest` times 1, 2, 4 ... up to `limit` that fits, each tried in turn; None where none does."""
    found, size = None, smallest
    while size <= limit and fits(size):
        found, size = size, 2 * size
    return found


def free_memory() -> None:
    """Give back what a failed try has left behind."""
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
