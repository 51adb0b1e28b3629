"""Progress of a transfer on standard error: one bar in a terminal or notebook, nothing elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager

from proteinx.client.uploads import Progress as Advance
from proteinx.sdk.notebook import in_notebook


@contextmanager
def transfer(label: str, total: int) -> Iterator[Advance]:
    """Gives the callback that transfers take."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    is_seen = console.is_terminal or in_notebook()
    with Progress(*columns, console=console, disable=not is_seen, transient=True) as progress:
        task = progress.add_task(label, total=total)
        yield lambda count: progress.advance(task, count)
