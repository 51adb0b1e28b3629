"""What may not be there once all jobs have ended and all machines are back."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from app.scheduling.broker_accounts import KEPT_BELLS
from proteinx.contracts.nodes import NodeHealth
from proteinx.contracts.queues import node_queue
from tests.chaos.lab import ChaosLab
from tests.chaos.story import Story
from tests.waiting import until
from worker import processes

SETTLING = 45.0
"""Seconds in which everything must be gone."""


def settle(lab: ChaosLab) -> list[str]:
    """All machines up again; what did not come."""
    wrong = []
    for worker in lab.workers:
        try:
            until(lambda worker=worker: lab.node_is(worker.agent, NodeHealth.ONLINE), 60, "is online", every=0.1)
        except AssertionError:
            wrong.append(f"{worker.name} did not come back\n{worker.agent.tail(20)}")
    return wrong


def left(lab: ChaosLab, story: Story) -> list[str]:
    """Waits for each kind of thing to be gone; says what is still there."""
    found = []
    for look in (processes_left, folders_left, rows_left, bells_left, runs_left):
        try:
            until(lambda look=look: not list(look(lab, story)), SETTLING, "", every=0.25)
        except AssertionError:
            found += list(look(lab, story))
    return found


def processes_left(lab: ChaosLab, story: Story) -> Iterator[str]:
    jobs = {job.id for job in story.jobs}
    for pid in sorted(processes.with_cookie(lambda cookie: cookie.split(".")[0] in jobs)):
        yield f"process {pid} of {processes.cookie_of(pid)} is left"


def folders_left(lab: ChaosLab, _: Story) -> Iterator[str]:
    for worker in lab.workers:
        yield from (f"{worker.name} keeps {path.name}" for path in worker.state.attempts.iterdir())
        yield from (
            f"{worker.name} keeps {path}" for path in _strangers(worker.agent.alive, worker.temporary.iterdir())
        )
    yield from (f"the master keeps {path}" for path in (lab.folder / "tmp" / "master").iterdir())
    uploads = lab.master.workdir / "uploads"
    yield from (f"the master keeps the upload {path.name}" for path in (uploads.iterdir() if uploads.is_dir() else ()))


def _strangers(alive: bool, paths: Iterator[Path]) -> list[Path]:
    """A living agent has one folder, for its doorbell."""
    folders = list(paths)
    return [] if alive and len(folders) == 1 else folders


DEADLY: Final = ("master_killed", "scheduler_killed", "master_misdated", "mlflow_killed")
QUERIES: Final[dict[str, str]] = {
    "live attempts": "SELECT count(*) FROM attempts WHERE ended_at IS NULL",
    "live members": "SELECT count(*) FROM members WHERE state IN"
    " ('assigned', 'claimed', 'preparing', 'running', 'finalizing')",
    "allocations": "SELECT count(*) FROM allocations WHERE released_at IS NULL",
    "uploads": "SELECT count(*) FROM uploads",
    "jobs that have not ended": "SELECT count(*) FROM jobs WHERE ended_at IS NULL",
    "leases beside the scheduler's": "SELECT count(*) FROM leases WHERE name != 'scheduler'",
}


def rows_left(lab: ChaosLab, _: Story) -> Iterator[str]:
    with closing(lab.database()) as database:
        for what, query in QUERIES.items():
            [count] = database.execute(query).fetchone()
            if count:
                yield f"{count} {what} are left in the database"


def bells_left(lab: ChaosLab, _: Story) -> Iterator[str]:
    """Nobody listens for a worker in a network of its own; its last ones may stay until they are too many."""
    broker = lab.master.redis()
    deaf = {node_queue(lab.admin.nodes.resolve(one.name).id) for one in lab.workers if one.link.real}
    for key in broker.scan_iter("*"):
        count = broker.llen(key) if broker.type(key) == "list" else 0
        if count > (KEPT_BELLS if key in deaf else 0):
            yield f"{count} messages are left in {key}"


def runs_left(lab: ChaosLab, story: Story) -> Iterator[str]:
    """Each job has one run. One that was made when the master died, before its job was, is empty, and the master
    ends it some minutes later."""
    jobs = {job.id for job in story.jobs}
    runs = lab.runs_beside(story.jobs[0].id) if jobs else {}
    yield from (f"job {job} has no run" for job in sorted(jobs - runs.keys()))
    strays = runs.keys() - jobs
    yield from (f"run {run} has no job and is not empty" for run in sorted(strays) if runs[run])
    deaths = sum(record.plan.kind in DEADLY for record in story.records)
    if len(strays) > deaths:
        yield f"{len(strays)} runs have no job, the master died {deaths} times"
