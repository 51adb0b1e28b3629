"""What `px data` prints of a version: properties, what the quality report counts, and its findings by line."""

from collections.abc import Mapping, Sequence
from typing import Any

from proteinx.cli.output import note, print_fields, print_table, size
from proteinx.contracts.datasets import Cleaned, VersionView

_ELSEWHERE = ("kind", "format", "gzip", "rows", "columns", "findings", "cleaned")
"""Parts of a report that stand in the version's properties or in tables of their own."""
_LINES_SHOWN = 10


def print_version(version: VersionView) -> None:
    named = {key: value for key, value in version.columns.model_dump().items() if value}
    report = version.report or {}
    print_fields(
        [
            ("Version", f"{version.dataset}@{version.number}"),
            ("File", f"{version.filename} ({version.kind}, {size(version.size)})"),
            ("Files", _files(version)),
            ("SHA-256", version.sha256),
            ("Rows", version.rows),
            ("Columns", ", ".join(f"{key}={value}" for key, value in named.items())),
            *[(f"From: {key}".replace("_", " "), _short(value)) for key, value in version.lineage.items()],
            *[(_label(key), _short(value)) for key, value in report.items() if key not in _ELSEWHERE],
        ]
    )
    if "cleaned" in report:
        print_cleaned(Cleaned.model_validate(report["cleaned"]))
    if version.report is not None:
        print_findings(report.get("findings", []))


def print_findings(findings: Sequence[Mapping[str, Any]]) -> None:
    rows = [
        (one["severity"], one["code"], f"{one['count']:,}", _lines(one["lines"], one["count"]), one["detail"])
        for one in findings
    ]
    print_table(("SEVERITY", "FINDING", "COUNT", "LINES", "WHAT"), rows, "The quality report has no findings.")


def print_cleaned(cleaned: Cleaned) -> None:
    note(f"Cleaned: {cleaned.kept:,} of {cleaned.read:,} records were kept.")
    rows = [(one.rule, f"{one.count:,}", _lines(one.lines, one.count)) for one in cleaned.rules]
    print_table(("RULE", "COUNT", "LINES"), rows, "There was nothing to clean.")


def _lines(lines: Sequence[int], count: int) -> str:
    shown = ", ".join(map(str, lines[:_LINES_SHOWN]))
    return f"{shown}, ..." if lines and count > _LINES_SHOWN else shown


def _files(version: VersionView) -> str:
    """Only where there are several."""
    if len(version.files) == 1:
        return ""
    return _short([f"{file.path} ({size(file.size)})" for file in version.files])


def _label(key: str) -> str:
    return key.replace("_", " ").capitalize()


def _short(value: object) -> str:
    """A value in a line: mappings flat, long lists cut (`--json` has all)."""
    match value:
        case dict():
            return ", ".join(f"{key}: {_short(item)}" for key, item in value.items() if item is not None)
        case list() if len(value) > 10:
            return ", ".join(_short(item) for item in value[:10]) + f", ... ({len(value)} in all)"
        case list():
            return ", ".join(_short(item) for item in value)
        case float():
            return f"{value:.4g}"
        case None:
            return ""
    return str(value)
