"""The import contracts of pyproject.toml."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_imports_run_in_one_direction() -> None:
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    paths = os.pathsep.join(str(ROOT / part) for part in ("src", "platform", "."))
    checked = subprocess.run(
        command,
        check=False,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": paths},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
