"""`px chaos`: plays one story of faults and prints what came of it; the last line says how many invariants broke."""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from tests.chaos import invariants, leftovers, table
from tests.chaos.lab import SETTINGS, ChaosLab
from tests.chaos.plan import Plan, make_plan
from tests.chaos.story import Player

console = Console(width=120)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="px chaos", description=__doc__)
    parser.add_argument("--jobs", type=int, default=20)
    parser.add_argument("--faults", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--agents", type=int, default=3)
    parser.add_argument("--patience", type=float, help="seconds after which what has not ended counts as stuck")
    parser.add_argument("--keep", action="store_true", help="leave the folder with all logs")
    given = parser.parse_args(arguments)
    plan = make_plan(given.jobs, given.faults, given.seed, agents=given.agents, lease=SETTINGS.lease_seconds)
    patience = given.patience or 180.0 + 6 * given.faults + 4 * given.jobs
    folder = Path(tempfile.mkdtemp(prefix="px-chaos-"))
    found = _play(ChaosLab(folder, given.agents), plan, patience)
    for violation in found:
        console.print(f"- {violation}", markup=False, highlight=False, soft_wrap=True)
    if found or given.keep:
        console.print(f"All logs are in {folder}", highlight=False)
    else:
        shutil.rmtree(folder)
    console.print(f"violations: {len(found)}", highlight=False)
    return 1 if found else 0


def _play(lab: ChaosLab, plan: Plan, patience: float) -> list[str]:
    console.print(f"{len(plan.jobs)} jobs, {len(plan.faults)} faults, seed {plan.seed}, in {lab.folder}")
    try:
        lab.start()
        console.print("     at   nr  fault")
        story = Player(lab, plan, tell=lambda line: console.print(line, highlight=False)).play(patience)
        found = leftovers.settle(lab) + invariants.violations(lab, story) + leftovers.left(lab, story)
        for shown in (table.of_faults(story), table.of_jobs(lab, story), table.of_attempts(lab, story)):
            console.print(shown)
        console.print(f"{story.seconds:.0f} s from the first job to the last end")
        return found
    finally:
        lab.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
