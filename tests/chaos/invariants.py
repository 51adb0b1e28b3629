"""What must hold after a story, looked at from the outside: what people, MLflow and the disks show."""

import hashlib
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final

from proteinx.contracts.jobs import AttemptView, JobDetail
from proteinx.contracts.states import RUN_STATUS, AttemptState, Fault, JobState
from tests.chaos import expected, stamps
from tests.chaos.lab import ChaosLab
from tests.chaos.people import Submitted
from tests.chaos.plan import Fate
from tests.chaos.program.steps import POISON
from tests.chaos.story import Story
from tests.waiting import until

COMMIT_SECONDS: Final = 12.0
"""In so much undisturbed time a checkpoint is on the master: the worker rests up to 10 s between two."""
_KILLED: Final = 137
_NOT_OURS: Final = frozenset({"config.yaml"})

Check = Callable[["Seen"], Iterator[str]]


class Seen:
    """One job after the story, with all that there is of it."""

    def __init__(self, lab: ChaosLab, story: Story, job: Submitted) -> None:
        self.lab = lab
        self.story = story
        self.submitted = job
        self.plan = job.plan
        self.detail: JobDetail = lab.job(job.id)

    @property
    def ranks(self) -> range:
        return range(self.plan.nodes)

    @property
    def was_killed(self) -> bool:
        return any(key.job_id == self.submitted.id for key in self.story.scene.killed)

    def log(self, attempt: int, rank: int) -> bytes:
        path = self.lab.master.workdir / "logs" / self.submitted.id / f"{attempt}.{rank}.log"
        return path.read_bytes() if path.exists() else b""

    def lives(self, rank: int) -> dict[int, stamps.Life]:
        return stamps.read(self.lab.stamps, self.submitted.id, rank)


def right_end(seen: Seen) -> Iterator[str]:
    state, plan = seen.detail.state, seen.plan
    last = seen.detail.attempts[-1] if seen.detail.attempts else None
    if seen.submitted.cancelled:
        if state is not JobState.CANCELLED:
            yield f"was cancelled and is {state.value}"
        return
    if state is JobState.FAILED and last and last.exit_code == _KILLED and seen.was_killed:
        return
    if plan.fate is Fate.FAIL:
        right = state is JobState.FAILED and last is not None and last.exit_code == POISON
    elif plan.fate is Fate.LIMIT:
        right = state is JobState.FAILED and "time limit" in seen.detail.reason
    else:
        right = state is JobState.SUCCEEDED
    if not right:
        yield f"should {plan.fate.value} and is {state.value}: {seen.detail.reason}"


def right_artifacts(seen: Seen) -> Iterator[str]:
    wanted = expected.artifacts(seen.plan)
    listed = {one.path: one for one in seen.lab.member.jobs.artifacts(seen.submitted.id) if one.path not in _NOT_OURS}
    if seen.detail.state is JobState.SUCCEEDED and set(listed) != set(wanted):
        yield f"has artifacts {sorted(listed)} instead of {sorted(wanted)}"
    for path, one in listed.items():
        if one.sha256 != wanted.get(path):
            yield f"artifact {path} is listed with {one.sha256}, not {wanted.get(path)}"
        stored = seen.lab.master.workdir / one.location
        if hashlib.sha256(stored.read_bytes()).hexdigest() != wanted.get(path):
            yield f"artifact {path} has other bytes than an undisturbed run's"
        if seen.detail.state is JobState.SUCCEEDED and one.attempt != seen.detail.attempt:
            yield f"artifact {path} is attempt {one.attempt}'s, not {seen.detail.attempt}'s"


def right_logs(seen: Seen) -> Iterator[str]:
    for attempt in seen.detail.attempts:
        for rank in seen.ranks:
            log = seen.log(attempt.number, rank)
            whole = attempt.state is AttemptState.SUCCEEDED
            wrong = expected.wrong_with_log(seen.plan, log, whole=whole) if log or whole else None
            if wrong:
                yield f"log of attempt {attempt.number}.{rank} {wrong}"
            life = seen.lives(rank).get(attempt.number)
            if seen.plan.nodes == 1 and _was_reported(attempt) and life is not None:
                yield from _complete(seen, attempt, log, life)


def _was_reported(attempt: AttemptView) -> bool:
    """Whether the worker itself told the end: all that the job wrote must be there then."""
    return attempt.state in (AttemptState.SUCCEEDED, AttemptState.FAILED, AttemptState.PREEMPTED)


def _complete(seen: Seen, attempt: AttemptView, log: bytes, life: stamps.Life) -> Iterator[str]:
    first = expected.first_step(log)
    there = (first or 0) + sum(row.startswith(b"step ") for row in log.splitlines()) - 1
    if life.step > there:
        yield f"log of attempt {attempt.number} ends with step {there}, the job had written step {life.step}"
    if attempt.exit_code == POISON and not log.endswith(b"poison at step %d\n" % seen.plan.fail_at):
        yield f"log of attempt {attempt.number} lacks the last line of a job that failed by itself"


def right_metrics(seen: Seen) -> Iterator[str]:
    points = seen.lab.steps(seen.submitted.id)
    if points != list(range(len(points))):
        yield f"its curve is not one: {_runs(points)}"
    if seen.detail.state is JobState.SUCCEEDED and len(points) != seen.plan.steps:
        yield f"its curve has {len(points)} points of {seen.plan.steps}"
    status, wanted = seen.lab.run(seen.submitted.id)["info"]["status"], RUN_STATUS[seen.detail.state]
    if status != wanted:
        yield f"its MLflow run is {status}, not {wanted}"


def _runs(points: list[int]) -> str:
    breaks = [f"{a}->{b}" for a, b in pairwise(points) if b != a + 1]
    return f"{len(points)} points, {points[:1]}..{points[-1:]}, at {', '.join(breaks[:5])}"


def little_is_repeated(seen: Seen) -> Iterator[str]:
    lives = seen.lives(0)
    nodes = {one.number: one.members[0].node for one in seen.detail.attempts if one.members}
    saved: set[int] = set()
    due = -1
    for number in sorted(lives):
        first = expected.first_step(seen.log(number, 0))
        if first is not None:
            if first - 1 not in saved and first != 0:
                yield f"attempt {number} began at step {first}, where no checkpoint was"
            if first <= due:
                yield f"attempt {number} began at step {first}, although step {due} had been saved in time"
        life = lives[number]
        saved |= {step for _, step in life.saves}
        quiet = seen.story.disturbed(nodes.get(number, ""))
        due = max([due, *(step for at, step in life.saves if _had_time(at, life.last, quiet))])


def _had_time(saved_at: float, died_at: float, disturbed: list[tuple[float, float]]) -> bool:
    """Whether between the two there was enough time in a row without trouble."""
    free_from = saved_at
    for began, ended in sorted(disturbed):
        if began - free_from >= COMMIT_SECONDS:
            return free_from + COMMIT_SECONDS <= died_at
        free_from = max(free_from, ended)
    return died_at - free_from >= COMMIT_SECONDS


def no_overlap(seen: Seen) -> Iterator[str]:
    states = {one.number: one.state for one in seen.detail.attempts}
    for rank in seen.ranks:
        for number in stamps.doubled(seen.lab.stamps, seen.submitted.id, rank):
            yield f"attempt {number}.{rank} was begun twice"
        lives = sorted(seen.lives(rank).items())
        for (number, life), (later, next_) in pairwise(lives):
            # One that was cut off may go on until it hears that it was given up: none of its writing is taken.
            cut_off = states.get(number) is AttemptState.LOST and not seen.plan.stops_alone
            if life.last > next_.began and not cut_off:
                yield f"attempts {number} and {later} ran at once for {life.last - next_.began:.2f} s"


def few_attempts(seen: Seen) -> Iterator[str]:
    counted = [
        one
        for one in seen.detail.attempts
        if one.state is AttemptState.LOST or (one.state is AttemptState.FAILED and one.fault is Fault.INFRA)
    ]
    allowed = seen.plan.max_attempts * (1 + seen.submitted.releases)
    if len(counted) > allowed:
        yield f"was tried {len(counted)} times of {allowed}"
    live = [one.number for one in seen.detail.attempts if one.ended_at is None]
    if live:
        yield f"has attempts that never ended: {live}"


def ends_once(seen: Seen) -> Iterator[str]:
    moves = [one for one in seen.lab.events(seen.submitted.id) if one.kind == "job"]
    ends = [one.to_state for one in moves if one.to_state in ("succeeded", "failed", "cancelled")]
    if len(ends) != 1 or moves[-1].to_state != ends[0]:
        yield f"its end is no end: {[one.to_state for one in moves]}"


JOB_CHECKS: Final[tuple[Check, ...]] = (
    right_end,
    right_artifacts,
    right_logs,
    right_metrics,
    little_is_repeated,
    no_overlap,
    few_attempts,
    ends_once,
)


def violations(lab: ChaosLab, story: Story) -> list[str]:
    """Of all jobs, and of what may not be left; each one a sentence."""
    found = list(story.troubles)
    if len(story.jobs) != len(story.plan.jobs):
        found.append(f"only {len(story.jobs)} of {len(story.plan.jobs)} jobs were submitted")
    for job in story.jobs:
        if job.over:
            _wait_for_run(lab, job)
            seen = Seen(lab, story, job)
            found += [f"{_name(job)} {wrong}" for check in JOB_CHECKS for wrong in check(seen)]
        else:
            found.append(f"{_name(job)} did not end: it is {job.state.value}\n{lab.story(job.id)}")
    return found


def _wait_for_run(lab: ChaosLab, job: Submitted) -> None:
    """The scheduler brings MLflow in line soon after; if it does not, `right_metrics` says so."""
    wanted = RUN_STATUS[lab.job(job.id).state]
    try:
        until(lambda: lab.run(job.id)["info"]["status"] == wanted, 60, "", every=0.1)
    except AssertionError:
        return


def _name(job: Submitted) -> str:
    return f"job {job.plan.number} ({job.id[:12]}, {job.plan.fate.value})"
