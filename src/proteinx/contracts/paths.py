"""The one rule for relative paths that come from somewhere else: names of artifacts, inputs, members of archives."""

import re
from typing import Final

MAX_PATH_BYTES: Final = 1024
MAX_NAME_BYTES: Final = 255
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_DRIVE = re.compile(r"^[A-Za-z]:")


class BadPathError(ValueError):
    """Not a plain relative POSIX path; the message says why."""


def check_path(path: str) -> str:
    """Gives `path` back if it is a plain relative POSIX path that stays where it is put.

    Raises BadPathError for empty, absolute or too long paths, `.`, `..` and empty segments, backslashes, control
    characters, drive letters, and text that is not valid Unicode. Spaces and any script are fine.
    """
    shown = repr(path[:200])
    try:
        length = len(path.encode())
    except UnicodeEncodeError:
        raise BadPathError(f"The path {shown} is not valid Unicode; rename the file.") from None
    if not path or length > MAX_PATH_BYTES:
        raise BadPathError(f"The path {shown} is empty or longer than {MAX_PATH_BYTES} bytes.")
    if _CONTROL.search(path) or "\\" in path:
        raise BadPathError(f"The path {shown} has a backslash or a control character; rename the file.")
    if path.startswith("/") or _DRIVE.match(path):
        raise BadPathError(f"The path {shown} is absolute; give one relative to its folder.")
    segments = path.split("/")
    if any(segment in ("", ".", "..") for segment in segments):
        raise BadPathError(f"The path {shown} has an empty, '.' or '..' segment.")
    if any(len(segment.encode()) > MAX_NAME_BYTES for segment in segments):
        raise BadPathError(f"The path {shown} has a name longer than {MAX_NAME_BYTES} bytes.")
    return path
