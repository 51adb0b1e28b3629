"""Who is asking: a person, a node, or one member of one attempt."""

from dataclasses import dataclass

from proteinx.contracts.accounts import Role


@dataclass(frozen=True, slots=True)
class UserActor:
    id: str
    name: str
    role: Role

    @property
    def label(self) -> str:
        return f"user:{self.name}"


@dataclass(frozen=True, slots=True)
class NodeActor:
    id: str
    name: str

    @property
    def label(self) -> str:
        return f"node:{self.name}"


@dataclass(frozen=True, slots=True)
class MemberActor:
    """Holds an attempt's token; `fenced` once the attempt is over, and then every write gets 410."""

    job_id: str
    attempt: int
    rank: int
    fenced: bool

    @property
    def label(self) -> str:
        return f"job:{self.job_id}/{self.attempt}.{self.rank}"


@dataclass(frozen=True, slots=True)
class JoinActor:
    """Holds a join token: good for nothing but `POST /api/nodes/register`, which counts its use."""

    id: str

    @property
    def label(self) -> str:
        return f"join:{self.id}"


Actor = UserActor | NodeActor | MemberActor | JoinActor

SYSTEM = "master"
"""The actor in events that the master causes by itself."""
