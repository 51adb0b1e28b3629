"""A project from git: the master fetches one commit and keeps it as a snapshot, which knows where it came from."""

import tempfile
import threading
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from app.accounts import audit
from app.accounts.actor import UserActor
from app.errors import Unavailable
from app.master import Master
from app.models import Snapshot
from app.projects import adding, code, git_address, rows
from app.projects.git_fetch import Fetch
from app.storage import keys
from proteinx.contracts import snapshot as snapshots
from proteinx.contracts.mlproject import MLprojectError
from proteinx.contracts.projects import GitSource, SnapshotView
from proteinx.contracts.snapshot import SnapshotError, Tree

AT_ONCE: Final = 2
_turns = threading.BoundedSemaphore(AT_ONCE)


def add(master: Master, actor: UserActor, name: str, source: GitSource) -> SnapshotView:
    """The commit becomes the project's newest snapshot; repeating it is harmless.

    Raises Unprocessable saying what of the address, version or code is at fault, Forbidden, Conflict for a built-in
    project's name, Unavailable while others fetch. Nothing is kept then.
    """
    adding.require_free(master, name)
    uri = git_address.check(source, master.settings.git_schemes)
    with master.db.read() as session:
        adding.may_add(session, actor, name)
    if not _turns.acquire(timeout=10):
        raise Unavailable("git_busy", f"{AT_ONCE} other projects are being fetched; try again in a moment.")
    try:
        scratch = master.storage.require() / "uploads"  # on the storage's own disk, so that adopting is a rename
        scratch.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=scratch, prefix=".git-") as folder:
            return _fetch(master, actor, name, source, Path(folder), uri)
    finally:
        _turns.release()


def _fetch(  # noqa: PLR0917
    master: Master, actor: UserActor, name: str, source: GitSource, folder: Path, uri: str
) -> SnapshotView:
    checkout = folder / "checkout"
    commit = Fetch(uri, checkout, master.settings.git_timeout).commit(source.version)
    project = checkout / source.subdirectory.strip("/")
    origin = {"kind": "git", "uri": uri, "commit": commit}
    origin |= {"version": source.version} if source.version else {}
    origin |= {"subdirectory": source.subdirectory.strip("/")} if source.subdirectory.strip("/") else {}
    try:
        tree = _collect(project, checkout)
        archive = folder / "archive"
        snapshots.pack(tree, archive)
        digest = snapshots.digest(tree)
        described = rows.describe(digest, tree, archive.stat().st_size, project)
    except (SnapshotError, MLprojectError) as error:
        raise code.refusal(error) from error
    with master.db.write() as session:
        return _store(session, master, actor, name, described, archive, origin)


def _collect(project: Path, checkout: Path) -> Tree:
    """Raises SnapshotError also for a folder or root that lies outside of the repository: this is the master's disk."""
    if not project.is_dir() or not project.resolve().is_relative_to(checkout.resolve()):
        raise SnapshotError("no_folder", f"The repository has no folder {project.relative_to(checkout)}.")
    return snapshots.collect(project, within=checkout)


def _store(  # noqa: PLR0917
    session: Session,
    master: Master,
    actor: UserActor,
    name: str,
    described: Snapshot,
    archive: Path,
    origin: dict[str, str],
) -> SnapshotView:
    project = adding.may_add(session, actor, name) or adding.make_project(session, actor, name)
    snapshot = session.get(Snapshot, described.digest)
    if snapshot is None:
        snapshot = described
        session.add(snapshot)
        master.storage.adopt(keys.snapshot(snapshot.digest), archive)
    session.flush()
    link = rows.link(session, project, snapshot.digest, origin, actor.name)
    audit.write(session, actor, "project.git", name, {"digest": snapshot.digest, "commit": origin["commit"]})
    return rows.snapshot_view(project, snapshot, link)
