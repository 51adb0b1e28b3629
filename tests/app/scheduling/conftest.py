"""A real broker on a free port, and a master on a real database with stand-ins for MLflow and the file store."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app import migrate
from app.clock import now
from app.db import Database
from app.live.hub import Hub
from app.master import Master
from app.models import Snapshot, User
from app.scheduling.broker import Broker
from app.settings import Settings
from app.storage.local import LocalStorage
from tests.app.scheduling.lab import FakeTracking, Lab
from tests.postgres import Postgres, running
from tests.waiting import until

MIGRATED = "migrated"


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    running = Broker(Settings(home=tmp_path, _env_file=None))
    running.start()
    until(lambda: running.probe() == "ok")  # its own start waits for a few seconds only
    yield running
    running.stop()


@pytest.fixture
def tracking() -> FakeTracking:
    return FakeTracking()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres | None]:
    with running() as server:
        if server is not None:
            migrate.upgrade(server.create(MIGRATED))
        yield server


@pytest.fixture(scope="session")
def sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("migrated") / "proteinx.db"
    migrate.upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated database. The same tests on both kinds; on PostgreSQL where this machine has it."""
    if request.param == "sqlite":
        file = tmp_path / "proteinx.db"
        shutil.copy(request.getfixturevalue("sqlite_file"), file)
        yield f"sqlite:///{file}"
        return
    server: Postgres | None = request.getfixturevalue("postgres")
    if server is None:
        pytest.skip("no PostgreSQL on this machine")
    with server.database(MIGRATED) as url:
        yield url


@pytest.fixture
def master(tmp_path: Path, tracking: FakeTracking, database_url: str) -> Iterator[Master]:
    settings = Settings(home=tmp_path, database_url=database_url, _env_file=None)
    db = Database(settings.database)
    workdir = tmp_path / "workdir"
    workdir.mkdir()
    made = Master(
        settings=settings,
        db=db,
        storage=LocalStorage(lambda: workdir),
        tracking=tracking,  # type: ignore[arg-type]
        hub=Hub(),
        wake=lambda: None,
        redis_for_node=lambda _: None,
        ready_at=now() - timedelta(days=1),
    )
    with db.write() as session:
        session.add(User(id="u" * 16, name="ana", role="member", password_hash="-", created_at=now()))
        session.add(
            Snapshot(digest="d" * 64, project_path=".", size=1, file_count=1, entry_points=[], created_at=now())
        )
    yield made
    db.close()


@pytest.fixture
def lab(master: Master) -> Lab:
    return Lab(master)
