"""From what a person names as a project (`mlflow run URI`) to a snapshot at the master.

A folder, a folder at a commit, a zip file, a git URI (fetched by the master), or `proteinx:NAME` of what is there.
"""

import re
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from urllib.parse import unquote, urlparse

from proteinx.client import zip_code
from proteinx.client.client import Client
from proteinx.client.local_code import Bar, LocalCode, fitting_name, send, send_as_mine
from proteinx.contracts.paths import check_path
from proteinx.contracts.projects import GitSource, SnapshotView

AT_THE_MASTER: Final = "proteinx:"
_GIT: Final = re.compile(r"^(git\+)?(https?|ssh|git)://|^[\w.-]+@[\w.-]+:")


class BadProject(ValueError):
    """What was named as a project is none, in a sentence that says what would be."""


def resolve(
    master: Client, uri: str, version: str | None = None, *, name: str | None = None, bar: Bar | None = None
) -> SnapshotView:
    """`version`: a branch, tag or commit; of `proteinx:NAME` the beginning of a snapshot's digest.

    `name` is the project's name at the master; without it a fitting one is taken. Raises BadProject, SnapshotError,
    MLprojectError, ApiError.
    """
    if uri.startswith(AT_THE_MASTER):
        return _at_the_master(master, uri.removeprefix(AT_THE_MASTER), version)
    place, _, subdirectory = uri.partition("#")
    if is_git(place):
        source = GitSource(uri=place.removeprefix("git+"), version=version, subdirectory=subdirectory)
        return master.projects.add_git(name or git_name(place, subdirectory), source)
    with folder_of(place, version, subdirectory) as folder:
        code = LocalCode.read(folder)
        return send(master, name, code, bar) if name else send_as_mine(master, code.project, code, bar)


def is_git(uri: str) -> bool:
    """A repository elsewhere, which the master fetches; a repository on this machine is a folder."""
    return bool(_GIT.match(uri))


def git_name(uri: str, subdirectory: str) -> str:
    last = (subdirectory.strip("/") or uri.rstrip("/").removesuffix(".git")).replace(":", "/").rsplit("/", 1)[-1]
    return fitting_name(last)


@contextmanager
def folder_of(place: str, version: str | None, subdirectory: str) -> Iterator[Path]:
    """The project's folder on this machine for as long as the context is open."""
    parsed = urlparse(place)
    path = Path(unquote(parsed.path)) if parsed.scheme == "file" else Path(place).expanduser()
    if path.suffix == ".zip" and path.is_file():
        if version:
            raise BadProject(f"{place} is a zip file and has no versions; leave the version out.")
        with zip_code.opened(path) as folder:
            yield _inside(folder, subdirectory)
        return
    if not path.is_dir():
        raise BadProject(
            f"There is no project {place!r}: give a folder with an MLproject file, a zip file of one, a git URI, or "
            f"{AT_THE_MASTER}NAME for one that is at the master."
        )
    if version is None:
        yield _inside(path, subdirectory)
        return
    with _at_commit(path, version) as folder:
        yield _inside(folder, subdirectory)


def _inside(folder: Path, subdirectory: str) -> Path:
    return folder / check_path(subdirectory.strip("/")) if subdirectory.strip("/") else folder


@contextmanager
def _at_commit(folder: Path, version: str) -> Iterator[Path]:
    """That commit's files in a folder of their own: the person's own folder stays as it is."""
    if version.startswith("-"):
        raise BadProject(f"{version!r} is no branch, tag or commit.")
    top = Path(_git(folder, "rev-parse", "--show-toplevel").decode().strip())
    commit = _git(folder, "rev-parse", "--verify", "--quiet", f"{version}^{{commit}}").decode().strip()
    archive = _git(top, "archive", "--format=tar", commit)
    with TemporaryDirectory(prefix="proteinx-commit-") as temporary:
        with tarfile.open(fileobj=BytesIO(archive)) as tar:
            tar.extractall(temporary, filter="data")
        yield Path(temporary) / folder.resolve().relative_to(top.resolve())


def _git(folder: Path, *arguments: str) -> bytes:
    try:
        answer = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, check=False)
    except FileNotFoundError as error:
        raise BadProject("A version needs git, which is not installed here; leave the version out.") from error
    if answer.returncode:
        why = answer.stderr.decode(errors="replace").strip() or f"no such version ({arguments[-1]})"
        raise BadProject(f"git can't give that version of {folder}: {why}")
    return answer.stdout


def _at_the_master(master: Client, name: str, digest: str | None) -> SnapshotView:
    project = master.projects.get(name)
    if digest is None:
        if project.snapshot is None:
            raise BadProject(f"The project {name} has no code yet; send some with `px projects add`.")
        return project.snapshot
    found = [item for item in master.projects.snapshots(name) if item.digest.startswith(digest)]
    if len(found) != 1:
        raise BadProject(f"The project {name} has no one snapshot {digest!r}; `px projects show {name}` lists them.")
    return found[0]
