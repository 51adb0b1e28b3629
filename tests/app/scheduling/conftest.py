"""A real broker on a free port, and a master on a real database with stand-ins for MLflow and the file store."""

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


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    running = Broker(Settings(home=tmp_path, _env_file=None))
    running.start()
    yield running
    running.stop()


@pytest.fixture
def tracking() -> FakeTracking:
    return FakeTracking()


@pytest.fixture
def master(tmp_path: Path, tracking: FakeTracking) -> Iterator[Master]:
    settings = Settings(home=tmp_path, _env_file=None)
    settings.state.mkdir(parents=True, exist_ok=True)
    migrate.upgrade(settings.database)
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
