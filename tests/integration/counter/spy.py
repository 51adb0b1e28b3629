"""Tries to read what is not its own, and says what it saw. Targets: JSON list of paths."""

import json
import os
import sys
from pathlib import Path


def read(path: Path) -> str:
    try:
        return path.read_bytes().decode(errors="replace")
    except OSError as error:
        return f"refused: {error.strerror}"


def read_all(path: Path) -> dict[str, str]:
    try:
        names = sorted(path.rglob("*")) if path.is_dir() else [path]
    except OSError as error:
        return {str(path): f"refused: {error.strerror}"}
    return {str(name): read(name) for name in names if not name.is_dir()} or {str(path): "empty"}


seen: dict[str, str] = {}
for target in json.loads(sys.argv[1]):
    seen |= read_all(Path(target))
for process in Path("/proc").iterdir():
    if process.name.isdigit() and process.name != str(os.getpid()):
        seen[f"{process}/environ"] = read(process / "environ")
report = {"environment": dict(os.environ), "seen": seen}
(Path(os.environ["PROTEINX_OUTPUT_DIR"]) / "report.json").write_text(json.dumps(report))
