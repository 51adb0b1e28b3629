"""`python -m proteinlab.biodata.check PATH`: judge a file, one JSON object on standard output.

{"ok": true, "error": null, "report": {...}} with exit code 0, or, for a file to refuse,
{"ok": false, "error": {"code", "detail", "line"}, "report": null} with exit code 3.
"""

import argparse
import json
import sys
from dataclasses import fields
from pathlib import Path

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
    try:
        columns = columns_of(options.path, source=recognise(options.path, options.name), **named)
        result = report(options.path, columns, name=options.name)
    except DataError as error:
        print(json.dumps({"ok": False, "error": error.to_dict(), "report": None}, ensure_ascii=False))
        return REFUSED
    print(json.dumps({"ok": True, "error": None, "report": result.to_dict()}, ensure_ascii=False))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="proteinlab.biodata.check", description="Check a data file.")
    parser.add_argument("path", type=Path)
    parser.add_argument("--name", help="the file's own name, where PATH is a temporary one")
    for role in ROLES:
        parser.add_argument(f"--{role}", metavar="COLUMN", help=f"a table's column for: {role}")
    return parser


if __name__ == "__main__":
    sys.exit(main())
