"""Runs migrations on the settings' database, or on the one that `app.migrate` names."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import JSON, text

from app.db import make_engine
from app.models import Base
from app.models.base import UtcDateTime
from app.settings import get_settings

LOCK = 0x50524F58  # PostgreSQL's advisory lock, so that two masters that start at once don't both migrate


def render_item(kind: str, item: object, autogen: AutogenContext) -> str | Literal[False]:
    """Migrations name plain SQLAlchemy types, so that old ones don't change with the program."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, JSON):
        autogen.imports.add("from sqlalchemy.dialects import postgresql")
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


def run() -> None:
    url = context.config.attributes.get("url") or get_settings().database
    engine = make_engine(url)
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            render_item=render_item,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()
