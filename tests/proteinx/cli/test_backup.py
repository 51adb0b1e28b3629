"""Backup and restore of a master's state, without a master."""

import json
import sqlite3
import stat
import subprocess
import sys
import tarfile
from contextlib import closing
from pathlib import Path

import pytest

from proteinx.cli.archive import MANIFEST, Places, pack, require_unused, unpack
from proteinx.cli.exits import CommandError


def database(path: Path, rows: int = 3) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT)")
        connection.execute("INSERT INTO settings VALUES ('workdir', '{\"path\": \"/old\"}')")
        connection.executemany("INSERT INTO settings VALUES (?, '{}')", [(f"k{n}",) for n in range(rows)])


def contents(path: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT key, value FROM settings ORDER BY key").fetchall()


@pytest.fixture
def places(tmp_path: Path) -> Places:
    state, workdir = tmp_path / "state", tmp_path / "工作 dir"
    for folder in (state / "broker", state / "run", state / "logs", workdir / "raw" / "gb1"):
        folder.mkdir(parents=True)
    database(state / "proteinx.db")
    database(state / "mlflow.db", rows=5)
    (state / "broker" / "secret").write_text("s3cret")
    (state / "run" / "mlflow.json").write_text("{}")
    (state / "logs" / "mlflow.log").write_text("noise")
    (workdir / "raw" / "gb1" / "数据.csv").write_text("sequence\nMK\n")
    return Places(state, state / "proteinx.db", workdir)


def test_round_trip(places: Places, tmp_path: Path) -> None:
    target = tmp_path / "backup.tar"
    pack(places, target, with_workdir=True)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    new_state, new_workdir = tmp_path / "new" / "state", tmp_path / "new" / "work"
    unpack(target, new_state, new_workdir)
    assert (new_state / "broker" / "secret").read_text() == "s3cret"
    assert stat.S_IMODE((new_state / "broker" / "secret").stat().st_mode) == 0o600
    assert (new_workdir / "raw" / "gb1" / "数据.csv").read_text() == "sequence\nMK\n"
    assert contents(new_state / "mlflow.db") == contents(places.state / "mlflow.db")
    kept = dict(contents(new_state / "proteinx.db"))
    assert json.loads(kept["workdir"]) == {"path": str(new_workdir)}
    assert not (new_state / "run").exists()
    assert not (new_state / "logs").exists()


def test_without_workdir_it_is_small_and_the_workdir_stays(places: Places, tmp_path: Path) -> None:
    manifest = pack(places, tmp_path / "b.tar", with_workdir=False)
    assert all(name.startswith("state/") for name in manifest["files"])
    unpack(tmp_path / "b.tar", tmp_path / "new", None)
    assert json.loads(dict(contents(tmp_path / "new" / "proteinx.db"))["workdir"]) == {"path": "/old"}


def test_what_is_only_in_the_journal_is_kept(places: Places, tmp_path: Path) -> None:
    """A master that was killed leaves committed rows in the write-ahead log alone."""
    script = (
        "import os, sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None);"
        "c.execute(\"INSERT INTO settings VALUES ('late', '{}')\"); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", script, str(places.database)], check=True)
    assert places.database.with_name("proteinx.db-wal").stat().st_size > 0
    pack(places, tmp_path / "b.tar", with_workdir=False)
    unpack(tmp_path / "b.tar", tmp_path / "new", None)
    assert "late" in dict(contents(tmp_path / "new" / "proteinx.db"))


def test_a_database_in_use_is_refused(places: Places, tmp_path: Path) -> None:
    """However the master was started: an idle connection is enough."""
    script = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT * FROM settings').fetchall(); "
    script += "print('open', flush=True); sys.stdin.read()"
    holder = subprocess.Popen(
        [sys.executable, "-c", script, str(places.database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdin is not None
    assert holder.stdout is not None
    holder.stdout.readline()
    with pytest.raises(CommandError, match="in use"):
        pack(places, tmp_path / "b.tar", with_workdir=False)
    assert [path.name for path in tmp_path.iterdir() if path.suffix in (".tar", ".part")] == []
    holder.stdin.close()
    holder.wait(60)
    require_unused(places.database)


def rewrite(source: Path, target: Path, change) -> None:
    """The backup with `change(name, content) -> (name, content)` done to each member."""
    with tarfile.open(source) as old, tarfile.open(target, "w") as new:
        for member in old.getmembers():
            stream = old.extractfile(member)
            assert stream is not None
            name, content = change(member.name, stream.read())
            if content is None:
                continue
            path = target.with_suffix(".member")
            path.write_bytes(content)
            new.add(path, name)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda n, c: (n, c + b"x" if n == "state/broker/secret" else c), "damaged"),
        (lambda n, c: (n, None if n == "state/broker/secret" else c), "lacks"),
        (lambda n, c: (n, c.replace(b"state/broker/secret", b"state/../../secret")), "leads out"),
        (lambda n, c: (n, c.replace(b'"format": 1', b'"format": 9')), "format 9"),
        (lambda n, c: ("other" if n == MANIFEST else n, c), "no backup"),
    ],
)
def test_damage_is_found_before_anything_is_put_in_place(places: Places, tmp_path: Path, change, said: str) -> None:
    pack(places, tmp_path / "b.tar", with_workdir=False)
    rewrite(tmp_path / "b.tar", tmp_path / "bad.tar", change)
    with pytest.raises(CommandError, match=said):
        unpack(tmp_path / "bad.tar", tmp_path / "new", None)
    assert not (tmp_path / "new").exists()
    assert not (tmp_path / "secret").exists()


def test_a_workdir_with_files_is_not_written_over(places: Places, tmp_path: Path) -> None:
    pack(places, tmp_path / "b.tar", with_workdir=True)
    with pytest.raises(CommandError, match="holds files"):
        unpack(tmp_path / "b.tar", tmp_path / "new", None)


def test_a_full_disk_leaves_no_half_backup(places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("proteinx.cli.archive.tarfile.TarFile.add", full)
    with pytest.raises(OSError, match="No space"):
        pack(places, tmp_path / "b.tar", with_workdir=True)
    assert [path.name for path in tmp_path.iterdir() if "b.tar" in path.name] == []
