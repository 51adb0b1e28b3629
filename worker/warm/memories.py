"""What libraries made of HOME and TMPDIR while the launcher imported them, for its forks to make their own.

Some read these variables once, at import: a fork would keep its caches in the launcher's folders. So whatever holds a
path below these folders is looked up once, and set anew in each fork.
"""

import gc
import types
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePath
from typing import Any, Final

VARIABLES: Final = ("HOME", "TMPDIR")
_Setter = Callable[[Any], None]


class Memories:
    def __init__(self, environment: Mapping[str, str]) -> None:
        """Looks through all there is, which takes about a second. `environment`: the launcher's own."""
        self._known = {name: environment[name] for name in VARIABLES if name in environment}
        self._found = list(self._look())

    def __len__(self) -> int:
        return len(self._found)

    def move_to(self, environment: Mapping[str, str]) -> None:
        for value, setter in self._found:
            setter(self._moved(value, environment))

    def _moved(self, value: Any, environment: Mapping[str, str]) -> Any:
        text = str(value)
        for name, folder in self._known.items():
            text = text.replace(folder, environment.get(name, folder))
        return text if isinstance(value, str) else type(value)(text)

    def _holds(self, value: Any) -> bool:
        kind = type(value)
        if kind is not str and not issubclass(kind, PurePath):
            return False
        return any(folder in str(value) for folder in self._known.values())

    def _look(self) -> Iterator[tuple[Any, _Setter]]:
        for owner in gc.get_objects():
            if owner is self._known:
                continue
            if type(owner) is dict:
                yield from ((v, _item(owner, k)) for k, v in list(owner.items()) if self._holds(v))
            elif type(owner) is list:
                yield from ((v, _item(owner, k)) for k, v in enumerate(owner) if self._holds(v))
            elif isinstance(owner, type):
                yield from ((v, _attribute(owner, k)) for k, v in list(vars(owner).items()) if self._holds(v))
            elif isinstance(owner, types.FunctionType):
                for place, value in enumerate(owner.__defaults__ or ()):
                    if self._holds(value):
                        yield value, _default(owner, place)


def _item(owner: Any, key: Any) -> _Setter:
    def set_item(value: Any) -> None:
        owner[key] = value

    return set_item


def _attribute(owner: type, name: str) -> _Setter:
    def set_attribute(value: Any) -> None:
        setattr(owner, name, value)

    return set_attribute


def _default(owner: types.FunctionType, place: int) -> _Setter:
    def set_default(value: Any) -> None:
        defaults = list(owner.__defaults__ or ())
        defaults[place] = value
        owner.__defaults__ = tuple(defaults)

    return set_default
