"""A route that writes holds the database only while its own thread works."""

import asyncio
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute

from app.committing import CommittingRoute, session_parameter
from app.main import create_app
from app.settings import Settings
from tests.app.lab import Agent, Lab

CROWD = 120
"""Three times as many as there are threads for requests."""


def routes_of(routes: Iterable[Any]) -> Iterator[APIRoute]:
    """Of routers that are included too."""
    for route in routes:
        if hasattr(route, "original_router"):
            yield from routes_of(route.original_router.routes)
        elif isinstance(route, APIRoute):
            yield route


def test_every_route_that_writes_commits_by_itself() -> None:
    every = routes_of(create_app(Settings(_env_file=None)).routes)
    writing = [route for route in every if session_parameter(route.endpoint) is not None]
    assert len(writing) > 20
    assert [route.path for route in writing if not isinstance(route, CommittingRoute)] == []


@pytest.mark.timeout(300)
def test_a_crowd_of_writers_gets_through(lab: Lab) -> None:
    """More at once than there are threads: each has one while it waits for its turn, and none is left for replies."""
    agents = [lab.agent(f"n{number}", beat=False) for number in range(4)]

    async def beats() -> list[int]:
        transport = httpx.ASGITransport(app=lab.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:

            async def beat(agent: Agent) -> int:
                body = agent.heartbeat_body((), pids={}, foreign={})
                headers = {"Authorization": f"Bearer {agent.token}"}
                return (await client.post("/api/nodes/heartbeat", json=body, headers=headers)).status_code

            return await asyncio.gather(*(beat(agents[number % 4]) for number in range(CROWD)))

    with ThreadPoolExecutor(1) as elsewhere:  # a browser's test in the same process leaves a loop running here
        assert elsewhere.submit(asyncio.run, beats()).result() == [200] * CROWD


def test_what_a_route_raised_is_not_kept(lab: Lab) -> None:
    agent = lab.agent("n1")
    assert agent.heartbeat(boot_id="another").status_code == 409
    assert lab.as_("admin").put(f"/api/nodes/{agent.id}/labels", json={"labels": {"a": "b"}}).status_code == 200
    assert lab.node(agent.id).labels == {"a": "b"}
