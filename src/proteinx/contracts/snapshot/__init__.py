"""A snapshot: one immutable version of a project's code, named by the digest of its files.

`collect` chooses the files, `digest` names them, `pack` makes the archive that travels, `unpack` opens an archive from
somebody else with its own checks. The same files give the same digest and the same archive on every machine.
"""

from proteinx.contracts.snapshot.archive import pack, unpack
from proteinx.contracts.snapshot.collect import INCLUDE, collect
from proteinx.contracts.snapshot.tree import (
    MAX_FILE_BYTES,
    MAX_FILES,
    MAX_TOTAL_BYTES,
    SnapshotError,
    Tree,
    TreeFile,
    digest,
)

__all__ = [
    "INCLUDE",
    "MAX_FILES",
    "MAX_FILE_BYTES",
    "MAX_TOTAL_BYTES",
    "SnapshotError",
    "Tree",
    "TreeFile",
    "collect",
    "digest",
    "pack",
    "unpack",
]
