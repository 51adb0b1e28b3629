"""A job in a few lines of HTML."""

from datetime import UTC, datetime
from html import escape
from typing import Final

from proteinx.contracts.jobs import JobView

_COLOURS: Final = {"succeeded": "#137333", "failed": "#b3261e", "held": "#9a5b00", "cancelled": "#5f6368"}
_SHOWN: Final = 6


def job_card(job: JobView, metrics: dict[str, float], url: str = "") -> str:
    """State with its reason, how long it took, and a few of the newest metrics."""
    colour = _COLOURS.get(job.state.value, "#1a56db")
    state = f'<b style="color:{colour}">{escape(job.state.value)}</b>'
    parts = [f"<b>{escape(job.name)}</b>", state, escape(job.reason), _took(job)]
    mine = {key: value for key, value in metrics.items() if not key.startswith("system/")}
    parts += [f"{escape(key)} {value:.5g}" for key, value in sorted(mine.items())[:_SHOWN]]
    if url:
        parts.append(f'<a href="{escape(url)}" target="_blank">in MLflow</a>')
    return f"<div><code>{escape(job.id[:12])}</code> {' · '.join(part for part in parts if part)}</div>"


def _took(job: JobView) -> str:
    if job.started_at is None:
        return ""
    seconds = ((job.ended_at or datetime.now(UTC)) - job.started_at).total_seconds()
    return f"{seconds:.0f} s" if seconds < 600 else f"{seconds / 60:.0f} min"
