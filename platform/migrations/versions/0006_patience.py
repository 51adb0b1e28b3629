"""how long a job waits, and whether it goes on where its worker is cut off"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("jobs", sa.Column("queue_limit", sa.Double(), nullable=True))
    op.add_column("jobs", sa.Column("on_partition", sa.String(length=8), nullable=False, server_default="continue"))


def downgrade() -> None:
    op.drop_column("jobs", "on_partition")
    op.drop_column("jobs", "queue_limit")
