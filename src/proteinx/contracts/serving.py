"""Predictions on demand: a small request in, the answer in the same call, by a job that keeps its model loaded.

| route | |
| --- | --- |
| `POST /api/models/{model}/predict?wait=30` | `PredictRequest` as JSON, or FASTA as `text/plain`; `Predictions` |
| `GET /api/endpoints` | `list[EndpointView]`, the last used first |
| `POST /api/endpoints/{job_id}/stop` | ends one; 204; its owner and admins |
| `GET /api/jobs/{job_id}/attempts/{n}/requests?wait=20` | `Next`, for the serving attempt, with its own token |
| `POST /api/jobs/{job_id}/attempts/{n}/replies` | `Answer` or `Refusal`; 204 |

`{model}` is `NAME@VERSION`, `NAME@ALIAS`, or `NAME` for the newest version.
"""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field, field_validator

from proteinx.contracts.jobs import GIB
from proteinx.contracts.phrases import Words
from proteinx.contracts.states import JobState

Cell = str | float | int | bool | None
"""Null where the model can say nothing: an uncertainty without calibration, for one."""
EndpointState = Literal["waiting", "starting", "ready", "silent", "ending"]
"""waiting: for a place in the queue. starting: its worker fetches and loads the model. ready: answers. silent: its
worker has not asked for requests for a while; the next request replaces it. ending: being stopped."""

MAX_WAIT = 120.0
"""Seconds that a call may be told to wait for an endpoint that starts."""
DEFAULT_WAIT = 30.0


class ServingSettings(BaseModel):
    """Limits of predictions on demand; what is over them is for a predict job."""

    endpoints: int = Field(default=4, ge=0, le=1000)
    """Models kept loaded at once; one more displaces the one unused for longest. 0 = switched off."""
    idle_minutes: float = Field(default=15.0, ge=0.01, le=7 * 1440)
    """An endpoint ends when it was not used for so long."""
    rest_seconds: float = Field(default=60.0, ge=0, le=86400)
    """So long after a request an endpoint is not displaced by another model."""
    sequences: int = Field(default=200, ge=1, le=100_000)
    """In one request."""
    residues: int = Field(default=50_000, ge=1, le=10_000_000)
    """In one request, all sequences together."""
    body_bytes: int = Field(default=1024**2, ge=1024, le=16 * 1024**2)
    """Of one request."""
    per_endpoint: int = Field(default=16, ge=1, le=1000)
    """Requests at a time at one endpoint."""
    per_user: int = Field(default=4, ge=1, le=1000)
    """Requests at a time of one person, at all endpoints, those that wait for a start included."""
    answer_seconds: float = Field(default=30.0, ge=0.1, le=600)
    """So long a model may take for one request."""
    gpus: int = Field(default=0, ge=0, le=64)
    """Of one endpoint; also `cpus` and `memory`."""
    cpus: float = Field(default=1.0, gt=0, le=4096)
    memory: int = Field(default=2 * GIB, ge=0)
    """Bytes of RAM."""


class SequenceIn(BaseModel):
    id: str = Field(min_length=1, max_length=500)
    sequence: str
    partner: str | None = None
    """The second sequence, for models of pairs."""


class PredictRequest(BaseModel):
    sequences: list[str | SequenceIn]
    """Plain sequences get the ids seq1, seq2, ..."""


class Predictions(BaseModel):
    model: str
    version: str
    columns: list[str]
    """Of the rows, in order: the same as in the table of a predict job. `id`, then `sequence` (and `partner`), or
    `position` and `residue` for models of residues; `prediction`, `uncertainty`, `nearest_training_identity`, and what
    else the model says (`probability_<class>`)."""
    rows: list[dict[str, Cell]]
    warm: bool
    """Whether the model was loaded when the request came."""
    milliseconds: float
    """From the request's arrival to its answer, within the master."""
    model_milliseconds: float
    """Of these, in the serving process."""
    job_id: str
    """Of the endpoint that answered."""


class EndpointView(BaseModel):
    job_id: str
    model: str
    version: str
    owner: str
    """Whose request started it."""
    state: EndpointState
    job_state: JobState
    reason: str
    """Why it is where it is, in a sentence."""
    reason_words: Words | None = None
    node: str | None
    requests: int
    """Answered since it was started."""
    in_flight: int
    started_at: datetime
    last_used_at: datetime
    ends_at: datetime | None
    """When it will end unless it is used; null while it is not ready."""
    may_stop: bool
    """Whether whoever asked may stop it."""


# --- what passes between the master and the serving process of an endpoint, by the relay on the worker ---


class Asked(BaseModel):
    """One request on its way to the model; what is in it was checked for limits and letters."""

    id: str
    sequences: list[SequenceIn]


class Next(BaseModel):
    request: Asked | None = None
    """Null: nobody asked within `wait` seconds; ask again."""
    end: bool = False
    """The endpoint is not wanted any more: end with exit code 0."""
    reason: str = ""


class Answer(BaseModel):
    id: str
    columns: dict[str, list[Cell]]
    """Name -> one cell a row, all of one length."""
    milliseconds: float = Field(default=0.0, ge=0)

    @field_validator("columns")
    @classmethod
    def _one_length(cls, columns: dict[str, list[Cell]]) -> dict[str, list[Cell]]:
        if len({len(cells) for cells in columns.values()}) > 1:
            raise ValueError("the columns have different lengths")
        return columns


class Refusal(BaseModel):
    """The model can't take the request, through the fault of whoever asked."""

    id: str
    code: str = Field(pattern=r"^[a-z][a-z0-9_]{0,60}$")
    detail: str = Field(max_length=2000)
    index: int | None = Field(default=None, ge=0)
    """Of the sequence at fault, from 0."""
