"""Brings the database to the newest schema at each start."""

from pathlib import Path

from alembic import command
from alembic.config import Config

from app.settings import REPOSITORY

INI = REPOSITORY / "platform" / "alembic.ini"


def configuration(url: str) -> Config:
    config = Config(Path(INI))
    config.attributes["url"] = url  # not an option of the file: a password may hold a %
    return config


def upgrade(url: str) -> None:
    command.upgrade(configuration(url), "head")
