"""What `px data` prints of a version: properties, what the quality report counts, and its findings by line."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from proteinx.cli.output import note, print_fields, print_table, size
from proteinx.contracts.datasets import Cleaned, VersionView

_ELSEWHERE = ("kind", "format", "gzip", "rows", "columns", "findings", "cleaned")
"""Parts of a report that stand in the version's properties or in tables of their own."""
_LINES_SHOWN = 10
_NOTHING: tuple[object, ...] = (None, "", [], {})
_HEIGHTS = " ▁▂▃▄▅▆▇█"


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
            *[(f"Made from: {_words(key)}", _short(value)) for key, value in version.lineage.items()],
            *[(_label(key), _FORMS.get(key, _short)(value)) for key, value in report.items() if key not in _ELSEWHERE],
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
    return _words(key).capitalize()


def _short(value: object) -> str:
    """A value in a line: mappings flat, histograms drawn, long lists cut (`--json` has all)."""
    match value:
        case dict():
            return ", ".join(f"{key}: {_short(item)}" for key, item in value.items() if item not in _NOTHING)
        case list():
            return _listed(value)
        case float() | int():
            return f"{value:.4g}" if isinstance(value, float) else f"{value:,}"
    return "" if value is None else str(value)


def _listed(values: list[Any]) -> str:
    if values and isinstance(values[0], dict) and values[0].keys() == {"start", "stop", "count"}:
        return _bars(values)
    shown = ", ".join(_short(item) for item in values[:10])
    return shown if len(values) <= 10 else f"{shown}, ... ({len(values)} in all)"


def _words(key: object) -> str:
    return str(key).replace("_", " ")


def _bars(bins: Sequence[Mapping[str, Any]]) -> str:
    """A histogram as one line of bars, from the least to the largest value."""
    most = max(one["count"] for one in bins) or 1
    heights = [-(-one["count"] * (len(_HEIGHTS) - 1) // most) for one in bins]
    return f"{_short(bins[0]['start'])} {''.join(_HEIGHTS[height] for height in heights)} {_short(bins[-1]['stop'])}"


def _shares(counts: Mapping[str, int]) -> str:
    """Residues, the most frequent first."""
    total = sum(counts.values())
    ordered = sorted(counts.items(), key=lambda pair: -pair[1])
    return ", ".join(f"{letter} {_percent(count / total)}" for letter, count in ordered)


def _percent(share: float) -> str:
    return f"{share:.1%}" if share >= 0.0005 else "<0.1%"


_FORMS: dict[str, Callable[[Any], str]] = {"residues": _shares}
