"""The small projects that benchmarks run, sent to the master as anybody's would be."""

import tempfile
from pathlib import Path

from proteinx.contracts.jobs import GIB, JobCreate, Resources
from proteinx.contracts.snapshot import collect, digest, pack
from tests.integration.harness import Lab

HERE = Path(__file__).parent
SMALL = Resources(cpus=1, memory=GIB // 4)


def send(lab: Lab, name: str) -> None:
    """Makes the folder `benchmarks/<name>` the newest snapshot of the project of that name."""
    tree = collect(HERE / name)
    with tempfile.TemporaryDirectory() as temporary:
        archive = Path(temporary) / "code.tar.gz"
        pack(tree, archive)
        lab.member.projects.add_snapshot(name, archive, digest(tree))


def submit(lab: Lab, name: str, *overrides: str) -> str:
    return lab.member.jobs.create(JobCreate(project=name, overrides=list(overrides), resources=SMALL)).id
