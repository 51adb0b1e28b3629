"""Opens files that a job made, in folders that it may still be changing.

A supervisor may read what its job may not. So no link is followed on the way to a job's file: otherwise a job could
have the worker's own secrets sent for it.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath


@contextmanager
def pinned(folder: Path, name: str) -> Iterator[Path]:
    """A path that names this very file for as long as the context lasts, whatever becomes of its name.

    Raises OSError (ELOOP, ENOTDIR) where a part of `name` is a link, FileNotFoundError, ValueError for `..`.
    """
    parts = PurePosixPath(name).parts
    if not parts or ".." in parts or PurePosixPath(name).is_absolute():
        raise ValueError(f"{name!r} does not name a file inside the folder")
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for part in parts[:-1]:
            descriptor = _step(descriptor, part, os.O_DIRECTORY)
        descriptor = _step(descriptor, parts[-1], os.O_NONBLOCK)
        yield Path(f"/proc/self/fd/{descriptor}")
    finally:
        os.close(descriptor)


def _step(parent: int, name: str, flags: int) -> int:
    """On success `parent` is closed, so that there is one descriptor at a time to look after."""
    descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | flags, dir_fd=parent)
    os.close(parent)
    return descriptor
