"""Preprocessing as a job of the platform: an upload becomes a data set with its history, and trains."""

from pathlib import Path

import numpy as np

from proteinx.contracts.jobs import GIB, JobCreate, Resources
from tests.integration.harness import Agent, Lab

DATA = Path(__file__).parents[1] / "data"
ROOM = Resources(cpus=2, memory=GIB)


def run(lab: Lab, entry_point: str, inputs: dict[str, str], overrides: str) -> str:
    create = JobCreate(
        project="protein",
        entry_point=entry_point,
        inputs=inputs,
        parameters={"overrides": overrides},
        resources=ROOM,
    )
    job_id = lab.member.jobs.create(create).id
    lab.wait(job_id, seconds=120)
    return job_id


def test_variants_become_a_data_set_with_its_history_and_train(workers: Lab, worker: Agent) -> None:
    workers.member.datasets.upload("pab1", DATA / "pab1.csv")
    workers.member.datasets.upload("pab1-wild-type", DATA / "pab1_wt.fasta")
    inputs = {"data": "pab1", "wild_type": "pab1-wild-type"}
    job_id = run(workers, "variants", inputs, "split=random name=pab1-sequences")
    made = workers.member.datasets.version("pab1-sequences", 1)
    assert (made.filename, made.rows, made.kind) == ("data.csv.gz", 60, "csv")
    assert made.lineage["job"] == job_id
    assert made.lineage["inputs"] == {"data": "pab1@1", "wild_type": "pab1-wild-type@1"}
    assert made.lineage["snapshot"] == workers.member.jobs.get(job_id).snapshot
    assert made.lineage["entry_point"] == "variants"
    assert made.lineage["parameters"]["overrides"] == "split=random name=pab1-sequences"
    assert [file.path for file in made.files] == ["data.csv.gz"]
    assert made.report is not None
    assert made.report["sets"].keys() == {"train", "val", "test"}
    tags = {tag["key"]: tag["value"] for tag in workers.run(job_id)["data"]["tags"]}
    assert tags["split.id"] == workers.result(job_id, "split.json")["split"]["split_id"]
    assert (tags["leakage.leaky"], tags["leakage.level"]) == ("false", "variants of one parent")
    assert float(tags["leakage.share_above_90"]) == 1
    run(workers, "main", {"data": "pab1-sequences"}, "model=ridge")


def test_dask_works_within_a_job(workers: Lab, worker: Agent, tmp_path: Path) -> None:
    workers.member.datasets.upload("chloroplast", DATA / "chloroplast.faa.gz")
    job_id = run(workers, "preprocess", {"data": "chloroplast"}, "preprocess=identity workers=2 name=alike")
    assert "step 3 of 3: identity" in workers.log(job_id)
    made = workers.member.datasets.version("alike", 1)
    workers.member.datasets.download(made, tmp_path / made.filename)
    with np.load(tmp_path / "identity.npz") as arrays:
        count = len(arrays["ids"])
        assert 70 < count <= 85  # without the proteome's repeats
        assert arrays["identity"].shape == (count, count)
