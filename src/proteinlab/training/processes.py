"""What the processes of one run tell each other."""

from typing import TypeVar

from torch import distributed

T = TypeVar("T")


def gathered(mine: T) -> list[T]:
    """What every process has, by rank."""
    if not distributed.is_available() or not distributed.is_initialized():
        return [mine]
    found: list[T] = [mine] * distributed.get_world_size()
    distributed.all_gather_object(found, mine)
    return found
