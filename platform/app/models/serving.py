"""Which job keeps which model loaded. That the job runs, its own row says; what is asked of it lies in the broker."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class Endpoint(Base):
    """One row a version of a model that was ever asked; the key makes a second endpoint of it impossible."""

    __tablename__ = "endpoints"
    __table_args__ = (UniqueConstraint("job_id"),)

    model: Mapped[str] = mapped_column(String(200), primary_key=True)
    version: Mapped[str] = mapped_column(String(20), primary_key=True)
    job_id: Mapped[str | None] = mapped_column(ForeignKey("jobs.id"))
    """Null while there is none, or it is not made yet."""
    claimed_at: Mapped[datetime | None]
    """Since when somebody makes the job."""
    ready_attempt: Mapped[int] = mapped_column(default=0)
    """Of the job: the newest one that has loaded the model."""
    requests: Mapped[int] = mapped_column(default=0)
    """Answered by the job."""
    started_at: Mapped[datetime]
    last_used_at: Mapped[datetime]
