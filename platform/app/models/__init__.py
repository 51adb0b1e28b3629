"""All tables. Relations are loaded by explicit queries: no lazy relationship, so no hidden N+1."""

from app.models.accounts import ApiToken, AuditEntry, BrowserSession, JoinToken, QuotaRow, User
from app.models.base import Base
from app.models.data import Dataset, DatasetVersion, Project, ProjectSnapshot, Snapshot, Upload
from app.models.jobs import Allocation, Artifact, Attempt, Checkpoint, Job, JobEventRow, Member
from app.models.nodes import Gpu, Node, NodeHistory
from app.models.notifications import Destination, Notification
from app.models.serving import Endpoint
from app.models.sweeps import Sweep, Trial
from app.models.system import Lease, Setting

__all__ = [
    "Allocation",
    "ApiToken",
    "Artifact",
    "Attempt",
    "AuditEntry",
    "Base",
    "BrowserSession",
    "Checkpoint",
    "Dataset",
    "DatasetVersion",
    "Destination",
    "Endpoint",
    "Gpu",
    "Job",
    "JobEventRow",
    "JoinToken",
    "Lease",
    "Member",
    "Node",
    "NodeHistory",
    "Notification",
    "Project",
    "ProjectSnapshot",
    "QuotaRow",
    "Setting",
    "Snapshot",
    "Sweep",
    "Trial",
    "Upload",
    "User",
]
