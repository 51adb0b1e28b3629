"""A sweep on two workers, one of which dies in the middle, under a master that is killed and started again."""

from collections import Counter

import pytest

from proteinx.contracts.jobs import GIB, JobCreate, Resources
from proteinx.contracts.states import AttemptState
from proteinx.contracts.sweeps import SWEEP_ENDS, Dimension, Pruner, SweepCreate, SweepDetail, SweepState, TrialState
from tests.integration.harness import Lab
from tests.waiting import until

GRID = {"lr": Dimension(values=[0.1, 1.0, 0.01, 0.001, 1000.0])}
"""The worst comes last, when another has been where it is judged: it is pruned for certain."""
CHOICE = {"model": Dimension(values=["small", "large"]), "lr": Dimension(low=1e-4, high=10, log=True)}


def request(trials: int, finalists: int, cpus: float) -> SweepCreate:
    whole = trials == len(GRID["lr"].values or [])
    return SweepCreate(
        job=JobCreate(
            project="tuning",
            parameters={"pause": "0.15"},
            resources=Resources(cpus=cpus, memory=GIB // 8),
            name="tune",
            lease=3,
        ),
        space=GRID if whole else CHOICE,
        sampler="grid" if whole else "tpe",
        metric="loss",
        pruner=Pruner(kind="asha", min_resource=2, reduction_factor=2),
        parallelism=4,
        max_trials=trials,
        finalists=finalists,
        seeds=[1, 2][: 2 * finalists],
    )


@pytest.mark.parametrize(("trials", "finalists"), [(5, 0), pytest.param(30, 1, marks=pytest.mark.slow)])
def test_a_sweep_survives_a_worker_and_its_master(workers: Lab, trials: int, finalists: int) -> None:
    workers.send_project("tuning")
    stays, dies = workers.agent(wait=False), workers.agent()
    workers.wait_online(stays)
    half = workers.admin.nodes.resolve(stays.node_name).info.cpus / 2  # so that two trials fill a worker
    sweep_id = workers.member.sweeps.create(request(trials, finalists, half)).id
    until(lambda: on_node(workers, sweep_id, dies.node_name), 60, "a trial runs on the worker that will die")
    dies.kill_tree()
    workers.master.kill()
    workers.master.start()
    sweep = until(lambda: over(workers, sweep_id), 120, f"the sweep is over\n{workers.master.tail()}", every=0.2)

    assert sweep.state is SweepState.FINISHED, sweep.reason
    search = [one for one in sweep.trial_list if one.finalist is None]
    states = Counter(one.state for one in search)
    assert set(states) <= {TrialState.COMPLETE, TrialState.PRUNED}, sweep.trial_list
    assert states.total() == trials
    assert states[TrialState.PRUNED] >= 1
    for one in search:
        run = workers.run(str(one.job_id))
        tags = {tag["key"]: tag["value"] for tag in run["data"]["tags"]}
        assert tags["mlflow.parentRunId"] == sweep_id
        pruned = one.state is TrialState.PRUNED
        assert (run["info"]["status"], "proteinx.pruned" in tags) == (
            ("KILLED", True) if pruned else ("FINISHED", False)
        )
    complete = {one.number: one.value or 0.0 for one in search if one.state is TrialState.COMPLETE}
    first = min(complete, key=lambda number: complete[number])
    assert [(final.number, len(final.values)) for final in sweep.finals] == [(first, 2)] * finalists
    assert sweep.best is not None
    assert sweep.best.value == (sweep.finals[0].mean if finalists else complete[first])
    workers.wait_run_status(sweep_id, "FINISHED")
    jobs = workers.member.jobs.page(limit=500, parent_run=sweep_id).items
    assert {job.id for job in jobs} == {one.job_id for one in sweep.trial_list}, "no job was made twice"
    lost = [job.id for job in jobs if any(a.state is AttemptState.LOST for a in workers.job(job.id).attempts)]
    assert lost, "the dead worker's trials went on elsewhere"


def on_node(lab: Lab, sweep_id: str, node: str) -> bool:
    return any(node in job.nodes and job.started_at for job in lab.member.jobs.page(parent_run=sweep_id).items)


def over(lab: Lab, sweep_id: str) -> SweepDetail | None:
    sweep = lab.member.sweeps.get(sweep_id)
    return sweep if sweep.state in SWEEP_ENDS else None
