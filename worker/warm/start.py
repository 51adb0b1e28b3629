"""The launcher's first lines: `python worker/warm/start.py <control descriptor> <modules> <padding>`.

A script, not a module: so the interpreter's own places in `sys.path` are known as every job is to see them.
"""

import sys
from pathlib import Path

BASE = sys.path[1:]
REPOSITORY = Path(__file__).resolve().parents[2]

if __name__ == "__main__":
    sys.path[:] = [str(REPOSITORY), str(REPOSITORY / "src"), *BASE]
    from worker.warm.process import main

    main(BASE, int(sys.argv[1]), sys.argv[2].split(","))
