"""`python -m proteinlab.biodata.structures.summary PATH`: what a structure file holds, as one JSON object.

Exit code 3 and {"code", "detail", "line"} for a file that cannot be read.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from proteinlab.biodata.errors import DataError
from proteinlab.biodata.streams import read_head
from proteinlab.biodata.structures.chains import Chain
from proteinlab.biodata.structures.reading import Structure, read_structure

REFUSED = 3


def summary(path: Path, name: str | None = None) -> dict[str, Any]:
    """Chains with their sequences, missing residues and B factors, and what had to be overlooked.

    Raises DataError as `read_structure` does.
    """
    structure = read_structure(path, name)
    chains = [_chain(structure, chain) for chain in structure.chains]
    return {
        "name": structure.name,
        "models": structure.models,
        "insertion_codes": structure.insertion_codes,
        "alternatives": structure.alternatives,
        "notes": structure.notes[:20],
        "confidence": _is_confidence(path, [value for chain in chains for value in chain["b_factors"]]),
        "chains": chains,
    }


def _chain(structure: Structure, chain: Chain) -> dict[str, Any]:
    return {
        "name": chain.name,
        "sequence": chain.sequence,
        "numbers": list(chain.numbers),
        "full_length": len(chain.full_sequence),
        "missing": (chain.missing + 1).tolist(),
        "b_factors": [round(float(residue["CA"].get_bfactor()), 2) for residue in structure.model[chain.name]],
    }


def _is_confidence(path: Path, values: list[float]) -> bool:
    """Whether B factors are pLDDT (0 to 100): a predicted model says so, no crystal names its predictor."""
    in_range = bool(values) and min(values) >= 0 and max(values) <= 100 and float(np.mean(values)) > 1
    return in_range and _is_predicted(path)


def _is_predicted(path: Path) -> bool:
    head = read_head(path).lower()
    return any(word in head for word in (b"alphafold", b"plddt", b"esmfold", b"colabfold", b"ma_qa_metric"))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="proteinlab.biodata.structures.summary", description="Sum up a structure.")
    parser.add_argument("path", type=Path)
    parser.add_argument("--name", help="the file's own name, where PATH is a temporary one")
    options = parser.parse_args(arguments)
    try:
        answer, code = summary(options.path, options.name), 0
    except DataError as error:
        answer, code = error.to_dict(), REFUSED
    print(json.dumps(answer, ensure_ascii=False))
    return code


if __name__ == "__main__":
    sys.exit(main())
