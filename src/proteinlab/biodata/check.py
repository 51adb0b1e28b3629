"""`python -m proteinlab.biodata.check PATH`: judge a file, one JSON object on standard output.

{"ok": true, "error": null, "report": {...}} with exit code 0, or, for a file to refuse,
{"ok": false, "error": {"code", "detail", "line"}, "report": null} with exit code 3. With `--clean OUT` there is also
"cleaned": {"error", "read", "kept", "rules"}; a file that is refused may well be cleaned.
"""

import argparse
import json
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

from proteinlab.biodata.clean import clean
from proteinlab.biodata.errors import DataError
from proteinlab.biodata.formats import recognise
from proteinlab.biodata.quality import report
from proteinlab.biodata.readers import columns_of
from proteinlab.biodata.records import Columns

REFUSED = 3
ROLES = tuple(role.name for role in fields(Columns))


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    named = {role: value for role in ROLES if (value := getattr(options, role)) is not None}
    answer: dict[str, Any] = {"ok": True, "error": None, "report": None}
    try:
        columns = columns_of(options.path, source=recognise(options.path, options.name), **named)
        answer["report"] = report(options.path, columns, name=options.name).to_dict()
    except DataError as error:
        answer |= {"ok": False, "error": error.to_dict()}
    if options.clean is not None:
        answer["cleaned"] = _cleaned(options, named)
    print(json.dumps(answer, ensure_ascii=False))
    return 0 if answer["ok"] else REFUSED


def _cleaned(options: argparse.Namespace, named: dict[str, str]) -> dict[str, Any]:
    try:
        columns = columns_of(options.path, source=recognise(options.path, options.name), **named)
        result = clean(options.path, options.clean, columns, name=options.name)
    except DataError as error:
        return {"error": error.to_dict()}
    return {"error": None, **result.to_dict()}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="proteinlab.biodata.check", description="Check a data file.")
    parser.add_argument("path", type=Path)
    parser.add_argument("--clean", type=Path, metavar="OUT", help="also write a cleaned copy")
    parser.add_argument("--name", help="the file's own name, where PATH is a temporary one")
    for role in ROLES:
        parser.add_argument(f"--{role}", metavar="COLUMN", help=f"a table's column for: {role}")
    return parser


if __name__ == "__main__":
    sys.exit(main())
