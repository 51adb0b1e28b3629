"""A throw-away PostgreSQL where the machine has its binaries: started once for a run, a database for each test."""

import functools
import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from tests.waiting import until

ACCOUNT = "nobody"
"""PostgreSQL refuses to run as root; a test run by root runs it as this one."""


@functools.cache
def binaries() -> Path | None:
    """Where initdb and postgres are; None if this machine has none."""
    found = shutil.which("initdb")
    places = [Path(found).resolve().parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return next((place for place in places if (place / "initdb").exists() and (place / "postgres").exists()), None)


class Postgres:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count(1)

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://postgres@/{name}?host={self._folder}"

    def create(self, name: str, template: str = "template1") -> str:
        """The new database's URL. Nobody may be connected to the template."""
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    @contextmanager
    def database(self, template: str = "template1") -> Iterator[str]:
        """The URL of a new database, which is dropped in the end."""
        name = f"test{next(self._numbers)}"
        try:
            yield self.create(name, template)
        finally:
            self._execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def answers(self) -> bool:
        try:
            self._execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def _execute(self, statement: str) -> None:
        with psycopg.connect(f"host={self._folder} user=postgres dbname=postgres", autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[call-overload]  # our own text


@contextmanager
def running() -> Iterator[Postgres | None]:
    """None where there are no binaries. On a unix socket in its own folder: no port, no password."""
    place = binaries()
    if place is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="px-pg-") as name:  # a short path: it holds a socket
        folder, data = Path(name), Path(name) / "data"
        user = _give_away(folder)
        init = ["-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale", "C"]
        subprocess.run([place / "initdb", *init], check=True, capture_output=True, cwd=folder, **user)
        options = ["-D", str(data), "-k", name, "-h", "", "-F", "-c", "full_page_writes=off"]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen([place / "postgres", *options], stdout=log, stderr=log, cwd=folder, **user)
        try:
            server = Postgres(folder)
            until(server.answers, 60, "PostgreSQL answers")
            yield server
        finally:
            process.send_signal(2)  # fast shutdown
            process.wait(60)


def _give_away(folder: Path) -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    account = pwd.getpwnam(ACCOUNT)
    os.chown(folder, account.pw_uid, account.pw_gid)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
