"""shares, quotas, preemption, quarantine"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "quotas",
        sa.Column("user_id", sa.String(length=16), nullable=False),
        sa.Column("max_gpus", sa.Integer(), nullable=True),
        sa.Column("max_running", sa.Integer(), nullable=True),
        sa.Column("max_queued", sa.Integer(), nullable=True),
        sa.Column("max_priority", sa.Integer(), nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_quotas_user_id_users")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_quotas")),
    )
    # Each new column that may not be null comes with a value for the rows there are; the models give it from then on.
    op.add_column("jobs", sa.Column("preemptible", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("jobs", sa.Column("queued_at", _MOMENT, nullable=True))
    op.add_column("jobs", sa.Column("reserved_at", _MOMENT, nullable=True))
    op.create_index("ix_jobs_created", "jobs", ["created_at", "id"])
    op.add_column("attempts", sa.Column("level", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("attempts", sa.Column("preempt_at", _MOMENT, nullable=True))
    op.add_column("attempts", sa.Column("preempt_reason", sa.Text(), nullable=False, server_default=""))
    op.create_index("ix_attempts_ended", "attempts", ["ended_at"])
    op.add_column("members", sa.Column("fault", sa.String(length=8), nullable=True))
    op.create_index("ix_allocations_released", "allocations", ["released_at"])
    op.add_column("nodes", sa.Column("labels", _JSON, nullable=False, server_default="{}"))
    op.add_column("nodes", sa.Column("history_at", _MOMENT, nullable=True))
    op.add_column("nodes", sa.Column("cleared_at", _MOMENT, nullable=True))


def downgrade() -> None:
    for table, columns in (("nodes", ("cleared_at", "history_at", "labels")), ("members", ("fault",))):
        for column in columns:
            op.drop_column(table, column)
    op.drop_index("ix_allocations_released", "allocations")
    op.drop_index("ix_attempts_ended", "attempts")
    for column in ("preempt_reason", "preempt_at", "level"):
        op.drop_column("attempts", column)
    op.drop_index("ix_jobs_created", "jobs")
    for column in ("reserved_at", "queued_at", "preemptible"):
        op.drop_column("jobs", column)
    op.drop_table("quotas")
