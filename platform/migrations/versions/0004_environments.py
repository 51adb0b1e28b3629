"""where a job's code runs, and whether it may start warm"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("jobs", sa.Column("environment", sa.String(length=8), nullable=False, server_default="auto"))
    op.add_column("jobs", sa.Column("warm_start", sa.Boolean(), nullable=False, server_default=sa.true()))


def downgrade() -> None:
    op.drop_column("jobs", "warm_start")
    op.drop_column("jobs", "environment")
