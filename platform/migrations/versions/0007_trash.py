"""the trash of jobs"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("jobs", sa.Column("trashed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("jobs", sa.Column("purged_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("jobs", sa.Column("freed_bytes", sa.BigInteger(), nullable=True))
    op.create_index("ix_jobs_trashed", "jobs", ["trashed_at"])


def downgrade() -> None:
    op.drop_index("ix_jobs_trashed", "jobs")
    for column in ("freed_bytes", "purged_at", "trashed_at"):
        op.drop_column("jobs", column)
