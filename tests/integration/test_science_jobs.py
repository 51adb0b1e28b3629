"""The protein project as jobs: seeds, evaluate, serve, compare; each on what the last one left."""

import csv
from pathlib import Path

import pytest

from proteinx.client import ApiError
from proteinx.contracts.jobs import GIB, JobCreate, JobDetail, Resources
from tests.integration.harness import Agent, Lab
from tests.waiting import until

QUICK = ["evaluation.replicates=200", "evaluation.figures=false"]
SMALL = ["model.net.filters=8", "model.net.hidden=16", "trainer.max_epochs=1", *QUICK]


def done(lab: Lab, entry_point: str, *overrides: str, register_as: str | None = None, **inputs: str) -> JobDetail:
    request = JobCreate(
        project="protein",
        entry_point=entry_point,
        inputs=inputs,
        overrides=list(overrides),
        resources=Resources(cpus=1, memory=2 * GIB),
        register_as=register_as,
    )
    return lab.wait(lab.member.jobs.create(request).id, seconds=150)


def test_seeds_then_evaluate_serve_and_compare(lab: Lab, resident: Agent, gb1_small: Path) -> None:
    version = lab.member.datasets.upload("gb1-science", gb1_small)
    data = f"gb1-science@{version.number}"
    trained = done(lab, "main", *SMALL, "seeds=[1,2]", register_as="science", data=data)
    scores = lab.result(trained.id, "metrics.json")
    assert {"test_spearman", "test_spearman_sd", "test_spearman_low"} <= scores.keys()

    version_made = until(lambda: lab.job(trained.id).registered_version, 60, "the model is registered")
    evaluated = done(lab, "evaluate", *QUICK, data=data, model=f"models:/science/{version_made}")

    with gb1_small.open(newline="") as stream:
        known = [row["sequence"] for row in list(csv.DictReader(stream))[:3]]
    first_call = lab.member.endpoints.ask("science", [*known, known[0][:-1] + "W"], patience=150)
    assert first_call.columns == ["id", "sequence", "prediction", "uncertainty", "nearest_training_identity"]
    assert [row["sequence"] for row in first_call.rows][:3] == known
    assert all(row["uncertainty"] > 0 and row["nearest_training_identity"] > 0.9 for row in first_call.rows)
    second_call = lab.member.endpoints.predict(f"science@{version_made}", known)
    assert (second_call.warm, second_call.job_id) == (True, first_call.job_id)
    for row, again in zip(first_call.rows, second_call.rows, strict=False):
        assert row["prediction"] == pytest.approx(again["prediction"], rel=1e-5)
    with pytest.raises(ApiError) as caught:
        lab.member.endpoints.predict("science", [known[0], "M" * 5000])
    assert (caught.value.code, caught.value.field) == ("sequence_too_long", "sequences.1")
    lab.member.endpoints.stop(first_call.job_id)

    first, second = f"runs:/{trained.id}/seeds/2/predictions.parquet", f"runs:/{evaluated.id}/predictions.parquet"
    compared = done(lab, "compare", "evaluation.replicates=200", first=first, second=second)
    found = lab.result(compared.id, "comparison.json")["scores"]["spearman"]
    assert found["second"] == pytest.approx(lab.result(evaluated.id, "metrics.json")["test_spearman"])
    assert found["first"] == pytest.approx(lab.result(trained.id, "seeds/2/metrics.json")["test_spearman"])
    assert found["difference"]["low"] <= found["difference"]["value"] <= found["difference"]["high"]
