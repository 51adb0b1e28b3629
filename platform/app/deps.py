"""Every injectable, one alias each, so that a route's signature reads like a sentence.

Those that only look something up are `async`: a plain function would be sent through the thread pool, several times for
each request.
"""

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Query
from fastapi.requests import HTTPConnection
from sqlalchemy.orm import Session

from app.accounts.actor import Actor, MemberActor, NodeActor, UserActor
from app.errors import Forbidden
from app.master import Master
from app.serving.exchange import Exchange


async def get_master(connection: HTTPConnection) -> Master:
    return connection.app.state.master  # type: ignore[no-any-return]


MasterDep = Annotated[Master, Depends(get_master)]


async def _exchange(master: MasterDep) -> Exchange:
    return master.exchange


ExchangeDep = Annotated[Exchange, Depends(_exchange)]


def _write(master: MasterDep) -> Iterator[Session]:
    with master.db.write() as session:
        yield session


def _read(master: MasterDep) -> Iterator[Session]:
    with master.db.read() as session:
        yield session


# Function scope: the transaction is committed before the reply leaves, so a reply never promises what is not kept.
WriteSession = Annotated[Session, Depends(_write, scope="function")]
ReadSession = Annotated[Session, Depends(_read, scope="function")]


async def get_actor(connection: HTTPConnection) -> Actor:
    return connection.state.actor  # type: ignore[no-any-return]  # set by the gate before any route


async def _user(actor: Annotated[Actor, Depends(get_actor)]) -> UserActor:
    if isinstance(actor, UserActor):
        return actor
    raise Forbidden("people_only", "This is for people; sign in or use a user's token.")


async def _node(actor: Annotated[Actor, Depends(get_actor)]) -> NodeActor:
    if isinstance(actor, NodeActor):
        return actor
    raise Forbidden("nodes_only", "This is for a node's agent, with the token it got when it joined.")


async def _member(actor: Annotated[Actor, Depends(get_actor)]) -> MemberActor:
    if isinstance(actor, MemberActor):
        return actor
    raise Forbidden("attempts_only", "This is for an attempt's own token.")


CurrentActor = Annotated[Actor, Depends(get_actor)]
CurrentUser = Annotated[UserActor, Depends(_user)]
CurrentNode = Annotated[NodeActor, Depends(_node)]
CurrentMember = Annotated[MemberActor, Depends(_member)]
Limit = Annotated[int, Query(ge=1, le=500)]
Cursor = Annotated[str | None, Query(max_length=200)]
