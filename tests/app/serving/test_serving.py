"""Requests, answers and limits of endpoints, by the routes of callers and of workers, over a real broker."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import httpx
import pytest
import redis
from sqlalchemy import select

from app.clock import now
from app.models import Job
from app.scheduling.broker import Broker
from app.serving import asking, polling, readying
from app.serving.exchange import Exchange
from app.settings import Settings
from tests.app.lab import Lab
from tests.app.serving.stage import Stage, Worker

Story = Callable[[httpx.AsyncClient], Awaitable[None]]


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    running = Broker(Settings(home=tmp_path_factory.mktemp("broker"), _env_file=None))
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, broker: Broker) -> Iterator[Stage]:
    """One master for all stories."""
    lab = Lab(tmp_path_factory.mktemp("lab"))
    made = Stage(lab, broker)
    made.node = lab.agent("n1")
    for name in ("gb1", "two", "three"):
        made.model(name)
    yield made
    lab.close()


@pytest.fixture
def stage(house: Stage, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """Without an endpoint, and with waits as short as they can be."""
    for place in (asking, polling):
        monkeypatch.setattr(place, "SLICE", 0.2)
    monkeypatch.setattr(readying, "_PATIENCE", 0.2)
    yield house
    house.clear()


def play(stage: Stage, story: Story) -> None:
    async def opened() -> None:
        async with stage.open() as master:
            await asyncio.wait_for(story(master), 60)

    with ThreadPoolExecutor(1) as elsewhere:  # a browser's test in the same process leaves a loop running here
        elsewhere.submit(asyncio.run, opened()).result()


def refused(reply: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert (reply.status_code, reply.json()["error"]) == (status, code), reply.text
    return dict(reply.json())


async def warmed(stage: Stage, master: httpx.AsyncClient, model: str = "gb1", who: str = "alice") -> Worker:
    """Its endpoint, once it has answered a first request."""
    call = asyncio.create_task(stage.call(master, model, who))
    worker = await stage.placed(master, model)
    await worker.answer(await worker.next())
    reply = await call
    assert (reply.status_code, reply.json()["warm"]) == (200, False), reply.text
    return worker


def test_the_first_call_starts_a_job_and_the_second_finds_it_warm(stage: Stage) -> None:
    async def story(master: httpx.AsyncClient) -> None:
        worker = await warmed(stage, master)
        job = stage.lab.job(worker.member.spec["job_id"])
        assert (job["entry_point"], job["owner"], job["name"]) == ("serve", "alice", "serve gb1@1")
        assert (job["tags"], job["inputs"]) == ({"endpoint": "gb1@1"}, {"model": "models:/gb1/1"})
        call = asyncio.create_task(stage.call(master, "gb1@1", who="vera"))  # who may look may ask
        asked = await worker.next()
        assert [one["id"] for one in asked["sequences"]] == ["甲", "b"]
        await worker.answer(asked, None)
        body = (await call).json()
        assert body["rows"] == [{"id": "甲", "prediction": None}, {"id": "b", "prediction": None}]
        assert (body["version"], body["warm"], body["columns"]) == ("1", True, ["id", "prediction"])
        [endpoint] = (await master.get("/api/endpoints", headers=bearer(stage, "bob"))).json()
        assert (endpoint["state"], endpoint["requests"], endpoint["may_stop"]) == ("ready", 2, False)
        assert (endpoint["model"], endpoint["node"], endpoint["owner"]) == ("gb1", "n1", "alice")

    play(stage, story)


def bearer(stage: Stage, who: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {stage.lab.tokens[who]}"}


def test_many_who_ask_first_start_one_job_and_each_gets_its_own_answer(stage: Stage) -> None:
    async def story(master: httpx.AsyncClient) -> None:
        with stage.lab.db.read() as session:
            before = len(session.scalars(select(Job).where(Job.entry_point == "serve")).all())
        bodies = [{"sequences": [{"id": f"{n}", "sequence": "M" * (n + 1)}]} for n in range(4)]
        calls = [asyncio.create_task(stage.call(master, body=body)) for body in bodies]
        worker = await stage.placed(master)
        for _ in range(4):
            asked = await worker.next()
            await worker.answer(asked, float(len(asked["sequences"][0]["sequence"])))
        replies = [(await call).json() for call in calls]
        assert [one["rows"] for one in replies] == [[{"id": f"{n}", "prediction": n + 1.0}] for n in range(4)]
        assert len({one["job_id"] for one in replies}) == 1
        with stage.lab.db.read() as session:
            assert len(session.scalars(select(Job).where(Job.entry_point == "serve")).all()) == before + 1

    play(stage, story)


def test_a_request_that_was_handed_out_in_vain_is_handed_out_again_and_answered_once(stage: Stage) -> None:
    async def story(master: httpx.AsyncClient) -> None:
        worker = await warmed(stage, master)
        call = asyncio.create_task(stage.call(master))
        asked = await worker.next()  # its reply is lost, so the worker asks again
        assert await worker.next() == asked
        assert await worker.answer(asked, 1.0) == 204
        assert await worker.answer(asked, 2.0) == 204
        assert (await call).json()["rows"][0]["prediction"] == 1.0
        assert (await worker.poll(wait=0.1))["request"] is None

    play(stage, story)


def test_no_endpoint_answers_for_another(stage: Stage) -> None:
    async def story(master: httpx.AsyncClient) -> None:
        worker, stranger = await warmed(stage, master), await warmed(stage, master, "two")
        call = asyncio.create_task(stage.call(master))
        asked = await worker.next()
        assert await stranger.answer(asked, 666.0) == 204  # dropped
        path = worker.member.path
        headers = {"Authorization": f"Bearer {stranger.member.spec['token']}"}
        for reply in (
            await master.get(f"{path}/requests", headers=headers),
            await master.post(f"{path}/replies", json={"id": asked["id"], "columns": {}}, headers=headers),
            await master.get(f"{path}/requests", headers=bearer(stage, "admin")),
        ):
            assert reply.status_code == 403, reply.text
        await worker.answer(asked, 1.0)
        assert (await call).json()["rows"][0]["prediction"] == 1.0

    play(stage, story)


def test_what_the_model_refuses_is_the_callers_fault_with_its_index(stage: Stage) -> None:
    async def story(master: httpx.AsyncClient) -> None:
        worker = await warmed(stage, master)
        call = asyncio.create_task(stage.call(master))
        asked = await worker.next()
        too_long = {"id": ["甲" * 2000] * 2000, "prediction": [1.0] * 2000}
        assert await worker.reply(id=asked["id"], columns=too_long) == 413
        assert await worker.reply(id=asked["id"], columns={"id": ["a"], "prediction": []}) == 422
        await worker.reply(id=asked["id"], code="sequence_too_long", detail="'b' is too long.", index=1)
        assert refused(await call, 422, "sequence_too_long")["field"] == "sequences.1"

    play(stage, story)


def test_an_attempt_that_ends_with_the_request_in_hand_is_told_and_the_next_call_works(stage: Stage) -> None:
    async def story(master: httpx.AsyncClient) -> None:
        worker = await warmed(stage, master)
        call = asyncio.create_task(stage.call(master))
        await worker.next()
        await asyncio.to_thread(worker.member.finish, "failed", fault="user", exit_code=-9)
        reply = await call
        body = refused(reply, 503, "endpoint_gone")
        assert body["job"] == worker.member.spec["job_id"]
        assert reply.headers["retry-after"] == "2"
        assert (await worker._at.get(f"{worker.member.path}/requests", headers=worker._headers)).status_code == 410
        await warmed(stage, master)

    play(stage, story)


def test_a_request_that_nobody_took_goes_to_the_next_attempt_by_itself(stage: Stage) -> None:
    async def story(master: httpx.AsyncClient) -> None:
        worker = await warmed(stage, master)
        call = asyncio.create_task(stage.call(master))
        while not stage_redis(stage).llen(f"proteinx-serve:{worker.member.spec['job_id']}/1:queue"):
            await asyncio.sleep(0.01)
        await asyncio.to_thread(worker.member.finish, "preempted")
        again = await stage.placed(master)
        assert again.member.spec["attempt"] == 2
        await again.answer(await again.next(), 3.0)
        body = (await call).json()
        assert (body["rows"][0]["prediction"], body["warm"]) == (3.0, False)

    play(stage, story)


def stage_redis(stage: Stage) -> "redis.Redis":
    return redis.Redis.from_url(stage.broker.url, decode_responses=True)


def test_a_flush_loses_the_request_not_the_caller(stage: Stage) -> None:
    async def story(master: httpx.AsyncClient) -> None:
        worker = await warmed(stage, master)
        call = asyncio.create_task(stage.call(master))
        asked = await worker.next()
        stage_redis(stage).flushall()
        refused(await call, 503, "request_lost")
        assert await worker.answer(asked) == 204  # nobody is there any more
        call = asyncio.create_task(stage.call(master))
        await worker.answer(await worker.next())
        assert (await call).status_code == 200

    play(stage, story)


def test_without_a_broker_callers_are_told_at_once(stage: Stage) -> None:
    async def story(master: httpx.AsyncClient) -> None:
        stage.lab.master.exchange = Exchange(lambda: "redis://:x@127.0.0.1:9/0")
        assert "broker" in refused(await stage.call(master), 503, "broker_unavailable")["detail"]

    play(stage, story)


def test_a_model_that_starts_is_waited_for_and_then_told_of(stage: Stage) -> None:
    async def story(master: httpx.AsyncClient) -> None:
        reply = await stage.call(master, wait=0.3)
        body = refused(reply, 503, "model_starting")
        assert body["job"] == stage.job_of("gb1")
        assert "next to be placed" in body["detail"]
        assert body["words"]["code"] == "model_starting"
        assert reply.headers["retry-after"] == "5"

    play(stage, story)


def test_a_model_that_can_not_be_loaded_is_told_with_the_reason_and_not_tried_for_ever(stage: Stage) -> None:
    async def story(master: httpx.AsyncClient) -> None:
        call = asyncio.create_task(stage.call(master))
        worker = await stage.placed(master)
        await asyncio.to_thread(worker.member.finish, "failed", fault="user", reason="no such file", exit_code=2)
        body = refused(await call, 503, "endpoint_failed")
        assert "no such file" in body["detail"]
        assert body["job"] == worker.member.spec["job_id"]

    play(stage, story)


def test_limits_are_refused_with_what_to_do(stage: Stage) -> None:
    async def story(master: httpx.AsyncClient) -> None:
        stage.limits(sequences=2, residues=10, body_bytes=1024, per_user=1, per_endpoint=1, answer_seconds=0.5)
        worker = await warmed(stage, master)
        refused(await stage.call(master, body={"sequences": ["M"] * 3}), 413, "too_many_sequences")
        refused(await stage.call(master, body={"sequences": ["M" * 11]}), 413, "too_many_residues")
        assert (
            "predict job"
            in refused(await stage.call(master, body={"sequences": ["M" * 2000]}), 413, "request_too_large")["detail"]
        )
        first = asyncio.create_task(stage.call(master))
        asked = await worker.next()
        refused(await stage.call(master), 429, "too_many_predictions")
        refused(await stage.call(master, who="bob"), 429, "endpoint_busy")
        refused(await first, 503, "no_answer")
        await worker.answer(asked)
        second = asyncio.create_task(stage.call(master))
        await worker.answer(await worker.next())
        assert (await second).status_code == 200
        stage.limits(endpoints=0)
        refused(await stage.call(master), 503, "serving_off")

    play(stage, story)


def test_what_can_not_be_asked_is_told(stage: Stage) -> None:
    stage.model("plain", project="greet")

    async def story(master: httpx.AsyncClient) -> None:
        refused(await stage.call(master, "plain"), 422, "not_servable")
        refused(await stage.call(master, "nowhere"), 404, "unknown_model")
        refused(await stage.call(master, "gb1@champion"), 404, "unknown_model")
        refused(await stage.call(master, body={"sequences": ["MK", "M-"]}), 422, "illegal_residue")
        refused(await stage.call(master, who="vera"), 403, "forbidden")  # a viewer makes no job
        xml = bearer(stage, "alice") | {"Content-Type": "text/xml"}
        refused(await master.post("/api/models/gb1/predict", content=b"<x/>", headers=xml), 415, "bad_media_type")
        assert stage.job_of("gb1") is None

    play(stage, story)


def test_fasta_is_asked_as_text(stage: Stage) -> None:
    async def story(master: httpx.AsyncClient) -> None:
        worker = await warmed(stage, master)
        headers = bearer(stage, "alice") | {"Content-Type": "text/plain; charset=utf-8"}
        fasta = ">蛋白一 from the freezer\nmkv\nLL\n".encode()
        call = asyncio.create_task(master.post("/api/models/gb1@1/predict", content=fasta, headers=headers))
        asked = await worker.next()
        assert asked["sequences"] == [{"id": "蛋白一", "sequence": "MKVLL", "partner": None}]
        await worker.answer(asked)
        assert (await call).status_code == 200

    play(stage, story)


def test_an_unused_endpoint_ends_and_the_next_call_starts_another(stage: Stage) -> None:
    async def story(master: httpx.AsyncClient) -> None:
        worker = await warmed(stage, master)
        first = worker.member.spec["job_id"]
        assert not (await worker.poll(wait=0.0))["end"]
        stage.age("gb1", last_used_at=now() - timedelta(minutes=16))
        told = await worker.poll()
        assert told["end"]
        assert "unused for 15 minutes" in told["reason"]
        await asyncio.to_thread(worker.member.succeed)
        assert stage.lab.job(first)["state"] == "succeeded"
        assert (await master.get("/api/endpoints", headers=bearer(stage, "bob"))).json() == []
        again = await warmed(stage, master)
        assert again.member.spec["job_id"] != first

    play(stage, story)


def test_one_more_model_displaces_the_longest_unused_or_is_refused(stage: Stage) -> None:
    async def story(master: httpx.AsyncClient) -> None:
        stage.limits(endpoints=2)
        gb1, two = await warmed(stage, master), await warmed(stage, master, "two", who="bob")
        reply = await stage.call(master, "three")
        refused(reply, 429, "endpoints_taken")
        assert reply.headers["retry-after"] == "30"
        stage.age("two", last_used_at=now() - timedelta(seconds=70))
        stage.age("gb1", last_used_at=now() - timedelta(seconds=90))
        call = asyncio.create_task(stage.call(master))  # gb1 was unused for longer, but has a request in hand
        asked = await gb1.next()
        await warmed(stage, master, "three")
        displaced = stage.lab.job(two.member.spec["job_id"])
        assert (displaced["state"], displaced["reason"]) == ("cancelling", "made room for the model three@1")
        await gb1.answer(asked)
        assert (await call).status_code == 200

    play(stage, story)


def test_owner_and_admin_may_stop_it_and_nobody_else(stage: Stage) -> None:
    async def story(master: httpx.AsyncClient) -> None:
        worker = await warmed(stage, master)
        job_id = worker.member.spec["job_id"]
        for who, status in (("vera", 403), ("bob", 403), ("alice", 204)):
            path = f"/api/endpoints/{job_id}/stop"
            assert (await master.post(path, headers=bearer(stage, who))).status_code == status
        assert stage.lab.job(job_id)["state"] == "cancelling"
        other = stage.lab.submit()["id"]
        reply = await master.post(f"/api/endpoints/{other}/stop", headers=bearer(stage, "admin"))
        refused(reply, 404, "unknown_endpoint")

    play(stage, story)


def test_a_job_that_nobody_started_as_an_endpoint_is_sent_home(stage: Stage) -> None:
    async def story(master: httpx.AsyncClient) -> None:
        request = {"project": "oracle", "entry_point": "serve", "inputs": {"model": "models:/gb1/1"}}
        job_id = await asyncio.to_thread(lambda: stage.lab.submit("bob", **request)["id"])
        await asyncio.to_thread(stage.lab.schedule)
        member = await asyncio.to_thread(stage.node.take, job_id, "preparing", "running")
        assert (await Worker(master, member).poll())["end"]

    play(stage, story)


def test_a_silent_endpoint_is_replaced(stage: Stage) -> None:
    """Its worker's machine may be dead, which the master knows only when the lease is over."""

    async def story(master: httpx.AsyncClient) -> None:
        worker = await warmed(stage, master)
        job_id = worker.member.spec["job_id"]
        stage.lab.master.ready_at = now() - timedelta(minutes=5)
        stage_redis(stage).delete(f"proteinx-serve:{job_id}/1:alive")
        [endpoint] = (await master.get("/api/endpoints", headers=bearer(stage, "bob"))).json()
        assert endpoint["state"] == "silent"
        again = await warmed(stage, master)
        assert again.member.spec["job_id"] != job_id
        assert stage.lab.job(job_id)["state"] == "cancelling"

    play(stage, story)


def test_caller_and_worker_may_be_at_different_masters(stage: Stage) -> None:
    async def story(master: httpx.AsyncClient) -> None:
        async with stage.second() as other:
            call = asyncio.create_task(stage.call(master))
            worker = await stage.placed(other)
            await worker.answer(await worker.next(), 7.0)
            assert (await call).json()["rows"][0]["prediction"] == 7.0

    play(stage, story)


def test_whoever_waits_is_let_go_when_the_master_is_stopped(stage: Stage) -> None:
    async def story(master: httpx.AsyncClient) -> None:
        worker = await warmed(stage, master)
        call = asyncio.create_task(stage.call(master))
        await worker.next()
        headers = {"Authorization": f"Bearer {worker.member.spec['token']}"}
        poll = asyncio.create_task(master.get(f"{worker.member.path}/requests?wait=60", headers=headers))
        await asyncio.sleep(0)
        stage.lab.master.exchange.shut()
        refused(await call, 503, "master_stopping")
        refused(await poll, 503, "master_stopping")

    play(stage, story)
