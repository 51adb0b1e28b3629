"""Runs beside each other, and whether one is better on the same test rows."""

import hashlib
import io
import json
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from app.clock import now
from app.models import Artifact
from app.storage import keys
from tests.app.lab import Lab

ROWS = 120


def table(noise: float, *, ids: str = "p", kind: str = "regression") -> bytes:
    """`predictions.parquet` as an evaluation writes it; the less noise, the better the model."""
    generator = np.random.default_rng(3)
    target = generator.normal(size=ROWS)
    columns = {
        "id": [f"{ids}{row}" for row in range(ROWS)],
        "target": target,
        "prediction": target + noise * generator.normal(size=ROWS),
        "uncertainty": np.ones(ROWS),
        "split": ["test"] * ROWS,
    }
    about = {"version": 1, "kind": kind, "level": "sequence", "classes": [], "threshold": None}
    made = pa.table(columns).replace_schema_metadata({b"proteinlab": json.dumps(about).encode()})
    buffer = io.BytesIO()
    parquet.write_table(made, buffer)
    return buffer.getvalue()


def leave(lab: Lab, job_id: str, content: bytes) -> str:
    lab.master.storage.write_bytes(f"{keys.artifacts(job_id)}/predictions.parquet", content)
    digest = hashlib.sha256(content).hexdigest()
    with lab.db.write() as session:
        row = Artifact(job_id=job_id, path="predictions.parquet", attempt=1, sha256=digest, size=len(content))
        row.created_at = now()
        session.add(row)
    return job_id


def paired(lab: Lab, first: str, second: str, **more: str) -> Any:
    return lab.as_("vera").get("/api/runs/paired", params={"first": first, "second": second, **more})


def test_a_better_run_is_found_better_and_the_answer_is_kept(lab: Lab) -> None:
    good, bad = (leave(lab, lab.submit()["id"], table(noise)) for noise in (0.1, 1.5))

    found = paired(lab, good, bad).json()

    score = found["scores"]["spearman"]
    assert (found["rows"], found["split"], score["better"]) == (ROWS, "test", "first")
    assert 0 < score["difference"]["low"] <= score["difference"]["value"] <= score["difference"]["high"]
    assert score["p_value"] < 0.05
    assert found["scores"]["mse"]["better"] == "first", "of errors, less is better"
    kept = [path for path in (lab.workdir / "cache").iterdir() if path.suffix == ".paired"]
    assert len(kept) == 1
    kept[0].write_text(kept[0].read_text().replace(str(ROWS), "7"))
    assert paired(lab, good, bad).json()["rows"] == 7, "the same pair is not computed again"
    assert paired(lab, bad, good).json()["scores"]["spearman"]["better"] == "second"


def test_runs_that_cannot_be_compared_say_why(lab: Lab) -> None:
    one, other, strange = (
        leave(lab, lab.submit()["id"], content) for content in (table(0.1), table(0.1, ids="q"), b"no parquet")
    )
    without = lab.submit()["id"]

    replies = [paired(lab, one, another) for another in (other, strange, without, "0" * 32)]

    codes = [(reply.status_code, reply.json()["error"]) for reply in replies]
    assert codes == [(422, "different_rows"), (422, "not_predictions"), (422, "no_predictions"), (404, "unknown_job")]
    assert other[:12] in replies[0].json()["detail"], "people know jobs, not files of the master"
    assert paired(lab, one, one, split="train").json()["error"] == "no_rows"


def test_many_runs_stand_beside_each_other_with_what_mlflow_has_of_those_that_run(lab: Lab) -> None:
    agent = lab.agent("gpu1")
    running = lab.submit(parameters={"epochs": "3"})["id"]
    lab.schedule()
    agent.take(running, "preparing", "running")
    waiting = lab.submit(name="other")["id"]
    lab.tracking.metrics = {running: {"val_loss": 0.5}, waiting: {"nobody": 1.0}}

    reply = lab.as_("vera").get("/api/runs/compare", params={"ids": f"{waiting},{running}"})

    assert reply.status_code == 200, reply.text
    found = {run["id"]: run for run in reply.json()}
    assert list(found) == [waiting, running]
    settings = found[running]["settings"]
    assert (settings["project"], settings["parameters.epochs"]) == ("greet", "3")
    assert found[waiting]["settings"]["parameters"] == "{}", "an empty group is a value"
    assert (found[running]["metrics"], found[waiting]["metrics"]) == ({"val_loss": 0.5}, {})


def test_runs_that_have_ended_need_no_mlflow(lab: Lab) -> None:
    job = lab.submit()["id"]
    lab.set_job(job, state="succeeded", started_at=now(), run_status="FINISHED", metrics={"test_mcc": 0.25})
    lab.tracking.away = True

    reply = lab.as_("vera").get("/api/runs/compare", params={"ids": job})

    assert reply.json()[0]["metrics"] == {"test_mcc": 0.25}


@pytest.mark.parametrize("ids", ["", "abc", ",".join(["0" * 32] * 501)])
def test_nonsense_is_refused(lab: Lab, ids: str) -> None:
    assert lab.as_("vera").get("/api/runs/compare", params={"ids": ids}).status_code == 422


def test_an_unknown_run_is_named(lab: Lab) -> None:
    reply = lab.as_("vera").get("/api/runs/compare", params={"ids": f"{lab.submit()['id']},{'0' * 32}"})
    assert (reply.status_code, reply.json()["error"]) == (404, "unknown_job")
    assert "0" * 32 in reply.json()["detail"]
