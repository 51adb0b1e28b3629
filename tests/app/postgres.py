"""A throw-away PostgreSQL cluster on a unix socket, where a server is installed."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def binaries() -> Path | None:
    found = shutil.which("initdb")
    places = [Path(found)] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    return places[0].parent if places else None


@contextmanager
def cluster() -> Iterator[str]:
    """Yields the database's URL; skips the test where there is no server, or none that this user may run."""
    folder = binaries()
    if folder is None:
        pytest.skip("no PostgreSQL server is installed")
    with tempfile.TemporaryDirectory(prefix="px-pg-") as place:
        # The server refuses to run as root; its folder then belongs to the account that it came with.
        user = _lend(Path(place))
        data = Path(place) / "data"
        _run([*user, str(folder / "initdb"), "-D", str(data), "-A", "trust", "-U", "px", "--no-sync"])
        control = [*user, str(folder / "pg_ctl"), "-D", str(data)]
        options = f"-k {place} -c listen_addresses= -c fsync=off"
        _run([*control, "-w", "-l", f"{place}/log", "-o", options, "start"])
        try:
            yield f"postgresql+psycopg://px@/postgres?host={place}"
        finally:
            _run([*control, "-m", "immediate", "stop"])


def _lend(place: Path) -> list[str]:
    if place.owner() != "root":
        return []
    try:
        shutil.chown(place, "postgres")
    except LookupError:
        pytest.skip("PostgreSQL does not run as root, and there is no account postgres")
    return ["runuser", "-u", "postgres", "--"]


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
    assert done.returncode == 0, done.stdout + done.stderr
