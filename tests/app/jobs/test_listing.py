"""Lists: filters, pages that neither repeat nor miss, and as few queries for many jobs as for one."""

import pytest
from sqlalchemy import event

from tests.app.lab import Lab


def ids(lab: Lab, **query: object) -> list[str]:
    reply = lab.as_("vera").get("/api/jobs", params=query)
    assert reply.status_code == 200, reply.text
    return [job["id"] for job in reply.json()["items"]]


def test_pages_neither_repeat_nor_miss(lab: Lab) -> None:
    made = [lab.submit(name=f"job {number}")["id"] for number in range(7)]
    page = lab.as_("vera").get("/api/jobs", params={"limit": 3}).json()
    assert page["total"] == 7
    lab.submit(name="a newcomer does not shift the pages")
    lab.as_("alice").post(f"/api/jobs/{made[0]}/cancel")
    seen = [job["id"] for job in page["items"]]
    while page["next"]:
        page = lab.as_("vera").get("/api/jobs", params={"limit": 3, "cursor": page["next"]}).json()
        assert page["total"] == 8
        seen += [job["id"] for job in page["items"]]
    assert seen == made[::-1]


def test_in_the_order_of_a_metric(lab: Lab) -> None:
    values = [0.5, 3, 0.25, 0.5, 1e-05, None]
    made = [lab.submit()["id"] for _ in values]
    for job_id, value in zip(made, values, strict=True):
        lab.set_job(job_id, metrics={} if value is None else {"val/a b.c": value})
    measured = [pair for pair in zip(values, made, strict=True) if pair[0] is not None]
    rising = [job_id for _, job_id in sorted(measured, key=lambda pair: (pair[0], pair[1]))]
    falling = [job_id for _, job_id in sorted(measured, key=lambda pair: (-pair[0], pair[1]))]
    for most_first, expected in ((False, rising), (True, falling)):
        query = {"metric": "val/a b.c", "most_first": most_first, "limit": 2}
        seen, cursor = [], None
        while cursor is not None or not seen:
            page = lab.as_("vera").get("/api/jobs", params={**query, "cursor": cursor} if cursor else query).json()
            assert page["total"] == 5
            seen += [job["id"] for job in page["items"]]
            cursor = page["next"]
        assert seen == expected
    assert ids(lab, metric="never logged") == []
    assert lab.as_("vera").get("/api/jobs", params={"metric": 'a"b'}).status_code == 422


@pytest.mark.parametrize("cursor", ["x", "2026-01-01_", "2026-01-01T00:00:00_" + "0" * 32, "_"])
def test_a_made_up_cursor_is_refused(lab: Lab, cursor: str) -> None:
    assert lab.as_("vera").get("/api/jobs", params={"cursor": cursor}).json()["error"] == "bad_cursor"


def test_filters(lab: Lab) -> None:
    agent = lab.agent("gpu1")
    first = lab.submit(name="GB1 landscape 100%", experiment="gb1")["id"]
    second = lab.submit("bob", name="尿素酶 screening", experiment="other")["id"]
    lab.schedule()
    agent.take(first, "running")
    lab.as_("bob").post(f"/api/jobs/{second}/cancel")
    assert ids(lab, state="running") == [first]
    assert ids(lab, state=["running", "cancelled"]) == [second, first]
    assert ids(lab, owner="bob") == [second]
    assert ids(lab, experiment="gb1") == [first]
    assert ids(lab, project="greet") == [second, first]
    assert ids(lab, project="nothing") == []
    assert ids(lab, search="gb1 LAND") == [first]
    assert ids(lab, search="尿素") == [second]
    assert ids(lab, search="100%") == [first]
    assert ids(lab, search="%") == [first]
    assert ids(lab, search=second[:8]) == [second]
    assert set(ids(lab, node="gpu1")) == {first, second}
    listed = lab.as_("vera").get("/api/jobs").json()["items"]
    assert [job["nodes"] for job in listed] == [["gpu1"], ["gpu1"]]
    assert lab.job(first)["nodes"] == ["gpu1"]
    assert ids(lab, node=agent.id, owner="alice") == [first]
    assert ids(lab, node="gpu2") == []
    assert lab.as_("vera").get("/api/jobs", params={"state": "nonsense"}).status_code == 422


def test_many_jobs_need_no_more_queries_than_one(lab: Lab) -> None:
    statements: list[str] = []

    def count(*args: object) -> None:
        if str(args[2]).lstrip().startswith("SELECT"):  # a token's use is noted once a minute, whenever that falls
            statements.append(str(args[2]))

    lab.submit()
    ids(lab)  # the first use of a token in a while is noted down
    event.listen(lab.db.engine, "before_cursor_execute", count)
    ids(lab)
    one = len(statements)
    assert one > 0
    for _ in range(10):
        lab.submit()
    statements.clear()
    assert len(ids(lab)) == 11
    assert len(statements) == one
