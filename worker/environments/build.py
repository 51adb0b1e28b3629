"""The building process: `python -m worker.environments.build`, with its plan on standard input.

A process of its own, so that it can be confined before anything of a package runs.
"""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

from worker import landlock


def main() -> int:
    plan = json.loads(sys.stdin.buffer.read())
    os.chdir(plan["folder"])
    os.environ.pop("PYTHONPATH", None)
    if plan["confine"]:
        rules = {Path(path): landlock.Access(access) for path, access in plan["special"].items()}
        landlock.restrict(landlock.ruleset(rules))
    for command in plan["commands"]:
        print(f"+ {shlex.join(command)}", flush=True)
        if subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode != 0:
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
