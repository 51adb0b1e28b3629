"""What a capsule says of itself."""

import re
from collections.abc import Mapping
from typing import Final

from proteinx.contracts.jobs import JobDetail

_TEXT = """# {name}

A capsule: job `{id}` of project {project}, entry point {entry_point}, made by {owner} on {master} at {created}.
It holds all that the job depended on, and repeats it on any machine that has MLflow:

```bash
mkdir capsule && cd capsule && unzip ../{zip}
mlflow run .{give} --env-manager uv        # or: local, in an environment made from requirements.lock
```

At the end it compares its metrics and files with the job's and says `bit-equal`, `within tolerance` or `differs`, and
what; the exit code is 1 where it differs. Bit-equal is to be expected on the same packages and the same kind of
processor; the job ran with {environment}.

| file | what it is |
| --- | --- |
| `code/` | the project as the job ran it (digest {snapshot}) |
| `MLproject`, `reproduce.py`, `verdict.py` | what `mlflow run` starts |
| `capsule.json` | command, hashes of the inputs, expected metrics and hashes of the results |
| `config.yaml` | the composed config, where the project has one |
| `python_env.yaml`, `requirements.lock` | the packages, at the job's versions |
{data}"""


_TELLING: Final = re.compile(r"python|torch|numpy|mlflow|nvidia-driver|gpu\d+")


def _told(machine: Mapping[str, str]) -> str:
    """What most often decides whether digits are the same; the rest is in the lock file."""
    told = [f"{key} {value}" for key, value in machine.items() if _TELLING.fullmatch(key)]
    return ", ".join(told) or "packages that were not reported"


def readme(job: JobDetail, master_url: str, inputs: list[str], *, with_data: bool) -> str:
    machine = job.attempts[-1].environment if job.attempts else {}
    give = "" if with_data else "".join(f" -P {name}=PATH" for name in inputs)
    there = "| `data/` | the inputs |\n"
    absent = "".join(f"| {name} | not included: `{job.inputs[name]}`, checked by its hash |\n" for name in inputs)
    return _TEXT.format(
        name=job.name,
        id=job.id,
        project=job.project,
        entry_point=job.entry_point,
        owner=job.owner,
        master=master_url,
        created=f"{job.created_at:%Y-%m-%d %H:%M} UTC",
        zip=f"capsule-{job.id[:12]}.zip",
        give=give,
        environment=_told(machine),
        snapshot=job.snapshot[:16],
        data=(there if with_data else absent) if inputs else "",
    )
