"""What a run depended on, by content."""

import hashlib
import platform
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import torch

import proteinlab


def file_digest(path: Path) -> str:
    """sha256 of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def code_digest() -> str:
    """sha256 over names and contents of this package's modules."""
    root = Path(proteinlab.__file__).parent
    total = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        total.update(f"{path.relative_to(root).as_posix()} {file_digest(path)}\n".encode())
    return total.hexdigest()


def environment() -> dict[str, Any]:
    """Interpreter, device and every installed package."""
    cuda = torch.cuda.is_available()
    return {
        "python": platform.python_version(),
        "torch": torch.__version__,
        "cuda": torch.version.cuda,
        "device": torch.cuda.get_device_name() if cuda else platform.processor() or platform.machine(),
        "packages": {found.metadata["Name"]: found.version for found in distributions()},
    }
