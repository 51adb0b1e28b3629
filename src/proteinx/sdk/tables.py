"""Rows for people: a list that a notebook shows as a table, and that becomes a DataFrame where there is pandas."""

import importlib.util
import sys
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any


class Rows(list[dict[str, Any]]):
    """A plain list of dicts."""

    def __init__(self, rows: Iterable[Mapping[str, Any]] = (), *, empty: str = "nothing") -> None:
        super().__init__(dict(row) for row in rows)
        self._empty = empty

    def to_frame(self) -> Any:
        """As a pandas DataFrame. Raises ImportError without pandas."""
        from proteinx.sdk.frames import frame

        return frame(self)

    @property
    def columns(self) -> list[str]:
        return list(dict.fromkeys(key for row in self for key in row))

    def _repr_html_(self) -> str:
        if not self:
            return f"<i>{escape(self._empty)}</i>"
        return html_table(self.columns, ([row.get(name) for name in self.columns] for row in self))


def as_frame(rows: Rows, index: str | None = None) -> Any:
    """A DataFrame where pandas is installed; else the rows, and a line on standard error that says so."""
    if importlib.util.find_spec("pandas") is None:
        print("proteinx: pandas is not installed, so this is a list of dicts; `pip install pandas`.", file=sys.stderr)
        return rows
    from proteinx.sdk.frames import frame

    return frame(rows, index)


def html_table(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Cells are data, never markup."""
    head = "".join(f"<th>{escape(name)}</th>" for name in columns)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell(value))}</td>' for value in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def cell(value: object) -> str:
    match value:
        case None:
            return ""
        case float():
            return f"{value:.6g}"
    return str(value)
