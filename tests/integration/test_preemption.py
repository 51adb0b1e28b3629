"""A job of higher priority takes the place of a running one, which goes on after it, in the same run."""

from proteinx.contracts.jobs import Resources
from proteinx.contracts.states import AttemptState, JobState
from tests.integration.harness import Agent, Lab
from tests.waiting import until

STEPS = 60


def test_the_lower_one_goes_on_from_its_checkpoint_in_the_same_run(workers: Lab, worker: Agent) -> None:
    cpus = workers.admin.nodes.resolve(worker.node_name).info.cpus
    whole = Resources(cpus=cpus, memory=0)
    low = workers.submit(parameters={"steps": STEPS, "hold": 23, "gate": workers.gate()}, resources=whole, name="low")
    workers.wait_checkpoint(low, 14)
    high = workers.submit(parameters={"steps": 3}, resources=whole, priority=10, name="high")
    assert workers.wait(high).attempts[0].number == 1
    job = workers.wait(low, seconds=90)
    assert [one.state for one in job.attempts] == [AttemptState.PREEMPTED, AttemptState.SUCCEEDED]
    assert "makes room for high" in job.attempts[0].reason
    first = workers.result(low)["first"]
    assert first >= 15, "it went on from a committed checkpoint"
    assert workers.steps(low) == list(range(STEPS)), "one curve, no point missing or doubled"
    moves = [event.to_state for event in workers.events(low) if event.kind == "job"]
    assert moves == ["scheduled", "running", "pending", "scheduled", "running", "succeeded"]
    assert job.attempts[0].started_at < workers.job(high).started_at < job.attempts[1].started_at  # type: ignore[operator]


def test_who_may_not_be_disturbed_is_waited_for(workers: Lab, worker: Agent) -> None:
    cpus = workers.admin.nodes.resolve(worker.node_name).info.cpus
    whole = Resources(cpus=cpus, memory=0)
    gate = workers.gate()
    low = workers.submit(parameters={"steps": 20, "hold": 3, "gate": gate}, resources=whole, preemptible=False)
    workers.wait(low, JobState.RUNNING)
    high = workers.submit(parameters={"steps": 1}, resources=whole, priority=10)
    until(lambda: workers.member.jobs.explain(high).nodes, what="the scheduler has looked at it")
    gate.touch()
    workers.wait(high)
    assert len(workers.job(low).attempts) == 1
    assert workers.job(low).state is JobState.SUCCEEDED
