"""`python -m proteinlab.predictions --split test FIRST SECOND`: the paired test, as one JSON object on standard output.

{"rows", "level", "method", "scores": {name: {"first", "second", "difference": {"value", "low", "high"}, "p_value",
"better"}}} with exit code 0, or, for two files that can't be compared, {"code", "detail"} with exit code 3. A score
that is not defined in one of the two is left out.
"""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from proteinlab.errors import UserError
from proteinlab.predictions.pairing import compared, verdict
from proteinlab.predictions.reading import read_predictions

METHOD: Final = "paired bootstrap, percentile intervals"
_LEVEL: Final = 0.95
_REFUSED: Final = 3


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="proteinlab.predictions", description="Compare two runs' predictions.")
    parser.add_argument("first", type=Path)
    parser.add_argument("second", type=Path)
    parser.add_argument("--split", default="test")
    options = parser.parse_args(arguments)
    try:
        answer, code = _answer(options.first, options.second, options.split), 0
    except UserError as error:
        answer, code = {"code": error.code, "detail": error.detail}, _REFUSED
    print(json.dumps(answer, ensure_ascii=False))
    return code


def _answer(first: Path, second: Path, split: str) -> dict[str, Any]:
    one, other = (read_predictions(path).of_split(split) for path in (first, second))
    found = compared(one, other, level=_LEVEL)
    scores = {name: {**asdict(score), "better": verdict(name, score)} for name, score in found.items()}
    return {"rows": len(one.table), "level": _LEVEL, "method": METHOD, "scores": scores}


if __name__ == "__main__":
    sys.exit(main())
