"""The short form of `px chaos`: few jobs, the faults that happen most, nothing lost, doubled or left."""

from pathlib import Path

from tests.chaos import invariants, leftovers
from tests.chaos.lab import HASTY, ChaosLab
from tests.chaos.plan import make_plan
from tests.chaos.story import Player

SEED = 107659
"""All kinds of jobs, among them one over two machines, and the costliest faults first."""


def test_nothing_is_lost_doubled_or_left_when_machines_and_master_are_killed(tmp_path: Path) -> None:
    plan = make_plan(8, 5, SEED, agents=2, lease=HASTY.lease_seconds, gap=1.0)
    lab = ChaosLab(tmp_path, 2, HASTY)
    try:
        lab.start()
        story = Player(lab, plan).play(patience=300)
        assert sum(record.struck is not None for record in story.records) >= 4
        assert leftovers.settle(lab) + invariants.violations(lab, story) + leftovers.left(lab, story) == []
    finally:
        lab.stop()
