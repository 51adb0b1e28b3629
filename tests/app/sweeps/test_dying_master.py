"""A sweep whose master is killed after any of its calls to MLflow: no trial twice, and every run ends as it did."""

from datetime import timedelta

from app.jobs import upkeep
from tests.app.mortal import deaths, require_truth
from tests.app.sweeps.conftest import Sweeping


def test_a_sweep_goes_on_whenever_its_master_dies(sweeping: Sweeping) -> None:
    lab = sweeping.lab
    sweep_id = str(sweeping.post(parallelism=3).json()["id"])
    starts = 0
    for _ in deaths(lab, sweeping.turn):
        sweeping.restart()
        starts += 1
    live = sweeping.live(sweep_id)
    assert len(live) == 3
    assert starts >= 3, "each job's run and what describes it are calls"
    for value, trial in enumerate(live):
        sweeping.succeed(trial["job_id"], float(value))
    ends = 0
    while sweeping.read(sweep_id)["state"] == "running" and ends < 100:
        for _ in deaths(lab, sweeping.turn):
            sweeping.restart()
            ends += 1
    sweeping.turn()
    upkeep.close_orphan_runs(lab.master, grace=timedelta(seconds=-1))
    sweep = sweeping.read(sweep_id)
    assert (sweep["state"], sweep["trials"], sweep["best"]["value"]) == ("finished", {"complete": 3}, 0.0)
    assert ends >= 3
    jobs = lab.as_("alice").get("/api/jobs", params={"parent_run": sweep_id}).json()
    assert jobs["total"] == 3, "no trial was made twice"
    require_truth(lab)
    assert lab.tracking.runs[sweep_id].tags["proteinx.best_run"] == sweep["best"]["job_id"]
