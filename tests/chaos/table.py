"""The story in two tables: what was struck how often, and how the jobs came through."""

from collections import Counter

from rich.table import Table

from proteinx.contracts.states import AttemptState, Fault, JobState
from tests.chaos.kinds import KINDS
from tests.chaos.lab import ChaosLab
from tests.chaos.story import Story


def of_faults(story: Story) -> Table:
    table = Table("fault", "what", "injected", "not", title="Faults")
    for kind in KINDS:
        records = [record for record in story.records if record.plan.kind == kind.name]
        struck = sum(record.struck is not None for record in records)
        if records:
            table.add_row(kind.name, kind.told, str(struck), str(len(records) - struck))
    total = sum(record.struck is not None for record in story.records)
    table.add_row("all", "", str(total), str(len(story.records) - total), end_section=True)
    return table


def of_jobs(lab: ChaosLab, story: Story) -> Table:
    table = Table("fate", "jobs", *(state.value for state in _SHOWN), title="Jobs")
    ends: Counter[tuple[str, JobState]] = Counter((job.plan.fate.value, job.state) for job in story.jobs)
    for fate in sorted({job.plan.fate.value for job in story.jobs}):
        counts = [ends[fate, state] for state in _SHOWN]
        table.add_row(fate, str(sum(counts)), *(str(count) for count in counts))
    return table


def of_attempts(lab: ChaosLab, story: Story) -> Table:
    ends: Counter[str] = Counter()
    for job in story.jobs:
        for attempt in lab.job(job.id).attempts:
            infra = attempt.state is AttemptState.FAILED and attempt.fault is Fault.INFRA
            ends["failed (infra)" if infra else attempt.state.value] += 1
    table = Table("end of the attempt", "attempts", title="Attempts")
    for name, count in ends.most_common():
        table.add_row(name, str(count))
    return table


_SHOWN = (JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED)
