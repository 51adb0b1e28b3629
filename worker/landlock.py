"""Keeps a job's process from files that are not its own, by Landlock (Linux 5.13 and later), root or not.

Landlock only grants. So everything is granted but the private paths: each folder on the way to one is opened up, and
its other entries are granted one by one. Landlock's ptrace rule also closes /proc/<pid>/environ and memory of every
process outside the job, and its signal scope keeps the job from killing its supervisor. Standard library only.
"""

import ctypes
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Final

_CREATE_RULESET: Final = 444
_ADD_RULE: Final = 445
_RESTRICT_SELF: Final = 446
_PR_SET_NO_NEW_PRIVS: Final = 38
_PR_CAPBSET_DROP: Final = 24
_DROPPED_CAPABILITIES: Final = (2, 16, 17, 19, 21, 22, 27, 38, 39)
"""dac_read_search, sys_module, sys_rawio, sys_ptrace, sys_admin, sys_boot, mknod, perfmon, bpf: each is a way round
Landlock for a job that runs as root (perfmon alone opens every /proc/<pid>/environ, whatever Landlock says)."""
_RULE_PATH_BENEATH: Final = 1
_VERSION_FLAG: Final = 1
_SCOPE_SIGNAL: Final = 2

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_TRUNCATE, _IOCTL_DEV = 1 << 14, 1 << 15
_OF_FILES: Final = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV
_READING: Final = _EXECUTE | _READ_FILE | _READ_DIR


_CAPABILITY_VERSION: Final = 0x20080522


class Access(Enum):
    NONE = "none"
    READ = "read"
    FULL = "full"


class _RulesetAttr(ctypes.Structure):
    _fields_ = [
        ("handled_access_fs", ctypes.c_uint64),
        ("handled_access_net", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    ]


class _PathBeneathAttr(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32)]


class _CapabilityHeader(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class _CapabilityWord(ctypes.Structure):
    """32 capabilities; two words hold all."""

    _fields_ = [(name, ctypes.c_uint32) for name in ("effective", "permitted", "inheritable")]


def abi() -> int:
    """The kernel's Landlock version; 0 where there is none."""
    version: int = _libc().syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_VERSION_FLAG))
    return max(version, 0)


def ruleset(special: Mapping[Path, Access]) -> int:
    """A descriptor for `restrict`: full access to everything, but what `special` says of a path and all below it.

    Paths that do not exist are left out. Raises OSError.
    """
    version = abi()
    rights = _rights(version)
    attr = _RulesetAttr(rights, 0, _SCOPE_SIGNAL if version >= 6 else 0)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    descriptor = _call(_CREATE_RULESET, ctypes.byref(attr), ctypes.c_size_t(size), ctypes.c_uint32(0))
    known = {path.resolve(): access for path, access in special.items() if path.exists()}
    tree = _Tree(
        {str(path): access for path, access in known.items()},
        frozenset(str(parent) for path in known for parent in path.parents),
        rights,
    )
    for path, granted in tree.grants("/", Access.FULL):
        _grant(descriptor, path, granted)
    return descriptor


def restrict(descriptor: int) -> None:
    """For good, for the calling thread and all that it starts. Meant for a fresh fork, with an `exec` to come or not.

    A root process loses the dropped capabilities at once, and no `exec` brings them back.
    """
    for capability in _DROPPED_CAPABILITIES:
        _libc().prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)  # fails for who is not root, and has none to lose
    _drop_capabilities()
    if _libc().prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_NO_NEW_PRIVS)")
    _call(_RESTRICT_SELF, ctypes.c_int(descriptor), ctypes.c_uint32(0))


def _drop_capabilities() -> None:
    header = _CapabilityHeader(_CAPABILITY_VERSION, 0)
    words = (_CapabilityWord * 2)()
    if _libc().capget(ctypes.byref(header), words):
        raise OSError(ctypes.get_errno(), "capget")
    for capability in _DROPPED_CAPABILITIES:
        word, mask = words[capability // 32], ~(1 << capability % 32)
        word.effective, word.permitted, word.inheritable = (
            held & mask for held in (word.effective, word.permitted, word.inheritable)
        )
    if _libc().capset(ctypes.byref(header), words):
        raise OSError(ctypes.get_errno(), "capset")


def _rights(version: int) -> int:
    count = {1: 13, 2: 14, 3: 15, 4: 15}.get(version, 16)
    return (1 << count) - 1


@dataclass(frozen=True, slots=True)
class _Tree:
    """Paths are texts here: a folder on the way may have thousands of entries, and every job's start waits for this."""

    special: Mapping[str, Access]
    on_the_way: frozenset[str]
    """Folders above a special path."""
    rights: int

    def grants(self, path: str, access: Access) -> Iterator[tuple[str, int]]:
        access = self.special.get(path, access)
        if path not in self.on_the_way:
            if access is not Access.NONE:
                yield path, self.rights if access is Access.FULL else _READING & self.rights
            return
        if access is not Access.NONE:
            yield path, _READ_DIR  # names may be listed; a rule reaches all below it, so nothing more than names
        try:
            entries = sorted(os.scandir(path), key=lambda entry: entry.name)
        except PermissionError:
            return  # what this user can't list, the job can't either
        for entry in entries:
            if not entry.is_symlink():  # what a link leads to has its own place in the tree
                yield from self.grants(entry.path, access)


def _grant(descriptor: int, path: str, rights: int) -> None:
    try:
        target = os.open(path, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC)
    except (FileNotFoundError, PermissionError):
        return  # gone meanwhile, or out of reach for this user anyway
    try:
        if not stat.S_ISDIR(os.fstat(target).st_mode):
            rights &= _OF_FILES
        attr = _PathBeneathAttr(rights, target)
        _call(
            _ADD_RULE,
            ctypes.c_int(descriptor),
            ctypes.c_int(_RULE_PATH_BENEATH),
            ctypes.byref(attr),
            ctypes.c_uint32(0),
        )
    finally:
        os.close(target)


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _call(number: int, *arguments: object) -> int:
    result: int = _libc().syscall(number, *arguments)
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"landlock: {os.strerror(error)}")
    return result
