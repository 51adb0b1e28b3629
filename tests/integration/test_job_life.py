"""The life of a job, through the front door, on the real system."""

import json
import os

import psutil
import pytest

from proteinx.contracts.states import AttemptState, Fault, JobState
from tests.integration.harness import Agent, Lab
from tests.waiting import until


def test_a_job_leaves_log_metrics_artifacts_and_one_closed_run(workers: Lab, worker: Agent) -> None:
    job_id = workers.submit(parameters={"steps": 12})
    job = workers.wait(job_id)
    assert [attempt.state for attempt in job.attempts] == [AttemptState.SUCCEEDED]
    lines = workers.log(job_id).splitlines()
    assert lines == ["first line", *(f"step {step}" for step in range(12)), "last line"]
    assert workers.steps(job_id) == list(range(12))
    assert workers.result(job_id) == {"steps": 12, "first": 0}
    assert [point.step for point in workers.member.jobs.checkpoints(job_id)] in ([9, 4], [4, 9])
    workers.wait_run_status(job_id, "FINISHED")
    until(lambda: workers.job(job_id).metrics == {"count": 11.0}, 60, "the job shows its last metrics")
    moves = [event.to_state for event in workers.events(job_id) if event.kind == "job"]
    assert moves == ["scheduled", "running", "succeeded"]


def test_the_doorbell_starts_a_job_before_any_heartbeat_could(workers: Lab, worker: Agent) -> None:
    """With a beat in ten minutes, only the bell can have brought it."""
    until(lambda: workers.listening(worker), 60, "the consumer waits at the broker")
    with workers.settings(heartbeat_seconds=300, suspect_seconds=900, lease_seconds=1800):
        node = workers.admin.nodes.resolve(worker.node_name)
        until(  # one more beat brings the new interval
            lambda: workers.admin.nodes.get(node.id).last_heartbeat_at != node.last_heartbeat_at, 5, "one more beat"
        )
        workers.wait(workers.submit(parameters={"steps": 1}))


def test_a_dataset_arrives_whole_under_its_own_name(workers: Lab, worker: Agent, tmp_path: object) -> None:
    path = workers.folder / "序列 1.csv"
    path.write_text("sequence,target\n" + "".join(f"MKTAYIAK{'A' * (n % 5)},{n}\n" for n in range(50)))
    workers.member.datasets.upload("counted", path)
    job_id = workers.submit("with_data", inputs={"data": "counted"})
    job = workers.wait(job_id)
    assert job.inputs == {"data": "counted@1"}
    assert workers.log(job_id) == "序列 1.csv: 51 lines\n"
    assert workers.artifact(job_id, "copy.csv") == path.read_bytes()


def test_a_users_fault_fails_with_reason_exit_code_and_last_lines(workers: Lab, worker: Agent) -> None:
    job_id = workers.submit("broken")
    job = workers.wait(job_id, JobState.FAILED)
    [attempt] = job.attempts
    assert (attempt.fault, attempt.exit_code) == (Fault.USER, 3)
    assert any("about to fail" in line for line in attempt.last_lines)
    assert "3" in job.reason
    workers.wait_run_status(job_id, "FAILED")


def test_cancel_ends_even_what_ignores_it_with_all_its_descendants(workers: Lab, worker: Agent) -> None:
    job_id = workers.submit("stubborn", grace=1.0)
    workers.wait_line(job_id, "grandchild")
    grandchild = int(workers.log(job_id).split()[1])
    assert psutil.pid_exists(grandchild)
    workers.member.jobs.cancel(job_id)
    assert workers.job(job_id).state in (JobState.CANCELLING, JobState.CANCELLED)
    workers.wait(job_id, JobState.CANCELLED)
    assert not psutil.pid_exists(grandchild) or psutil.Process(grandchild).status() == psutil.STATUS_ZOMBIE
    workers.wait_run_status(job_id, "KILLED")


def test_a_job_that_runs_past_its_limit_fails_saying_so(workers: Lab, worker: Agent) -> None:
    job_id = workers.submit("stubborn", time_limit=1.0, grace=0.5)
    job = workers.wait(job_id, JobState.FAILED)
    assert "time limit" in job.reason
    assert job.attempts[0].fault is Fault.USER


def test_a_waiting_job_starts_when_room_is_made(workers: Lab, worker: Agent) -> None:
    cpus = workers.admin.nodes.resolve(worker.node_name).info.cpus
    whole = {"resources": {"cpus": cpus, "memory": 0}}
    gate = workers.gate()
    first = workers.submit(parameters={"steps": 10, "hold": 3, "gate": gate}, **whole)
    second = workers.submit(parameters={"steps": 1}, **whole)
    explained = workers.member.jobs.explain(second)
    assert explained.state is JobState.PENDING
    assert worker.node_name in explained.nodes
    gate.touch()
    workers.wait(first)
    workers.wait(second)


def test_a_job_can_read_no_credential_but_its_own(workers: Lab) -> None:
    canary = "canary-7f3a9"
    agent = workers.agent(SECRET_CANARY=canary, PROTEINX_WORKER_PRIVATE_PATHS=json.dumps([str(workers.master.home)]))
    targets = [str(agent.state), str(workers.master.home)]
    job_id = workers.submit("spy", parameters={"targets": json.dumps(targets)})
    workers.wait(job_id)
    report = workers.result(job_id, "report.json")
    everything = json.dumps(report)
    secrets = [canary, workers.member_token, (workers.master.home / "state" / "broker" / "secret").read_text()]
    secrets += [text for file in agent.state.glob("*") if file.is_file() for text in _tokens(file.read_text())]
    assert len(secrets) > 3, "the node's own token is among what must not be seen"
    found = [secret for secret in secrets if secret in everything]
    assert found == []
    own = report["environment"]
    assert own["MLFLOW_TRACKING_TOKEN"].startswith("px_j_")
    assert not {"REDIS_URL", "PROTEINX_TOKEN", "MASTER_URL"} & set(own)
    environ = report["seen"].get(f"/proc/{agent.pid}/environ", "refused: not listed")
    assert environ.startswith("refused"), environ


def _tokens(text: str) -> list[str]:
    words = text.replace('"', " ").replace(",", " ").split()
    return [word for word in words if word.startswith(("px_n_", "redis://"))]


@pytest.mark.skipif(os.cpu_count() == 1, reason="two jobs at once need two CPUs")
def test_two_jobs_run_side_by_side(workers: Lab, worker: Agent) -> None:
    jobs = [workers.submit(parameters={"steps": 10}) for _ in range(2)]
    for job_id in jobs:
        workers.wait(job_id)
        assert workers.steps(job_id) == list(range(10))
