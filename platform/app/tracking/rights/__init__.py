"""Who may make which call to MLflow: one rule for each kind of call, one method for people and one for attempts.

People see everything, change what is theirs, admins all. An attempt's token reaches its own run, its experiment, the
models that its run logged, and the registry for reading. Only the master closes a job's run.
"""

from app.tracking.rights.artifacts import DeleteArtifact, ReadArtifact, WriteArtifact
from app.tracking.rights.experiments import CreateExperiment, ReadExperiment, SearchExperiment, TagExperiment
from app.tracking.rights.models import (
    ChangeAlias,
    ChangeLoggedModel,
    ChangeRegisteredModel,
    CreateLoggedModel,
    CreateModelVersion,
    CreateRegisteredModel,
    DeleteLoggedModel,
    ReadLoggedModel,
)
from app.tracking.rights.rule import Administer, Read, ReadAny, Rule
from app.tracking.rights.runs import ChangeRun, CreateRun, DeleteRun, ReadRun, UpdateRun, UploadToRun

__all__ = [
    "Administer",
    "ChangeAlias",
    "ChangeLoggedModel",
    "ChangeRegisteredModel",
    "ChangeRun",
    "CreateExperiment",
    "CreateLoggedModel",
    "CreateModelVersion",
    "CreateRegisteredModel",
    "CreateRun",
    "DeleteArtifact",
    "DeleteLoggedModel",
    "DeleteRun",
    "Read",
    "ReadAny",
    "ReadArtifact",
    "ReadExperiment",
    "ReadLoggedModel",
    "ReadRun",
    "Rule",
    "SearchExperiment",
    "TagExperiment",
    "UpdateRun",
    "UploadToRun",
    "WriteArtifact",
]
