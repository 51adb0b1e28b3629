"""A progress bar for uploads and downloads, where somebody is looking."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

from proteinx.cli.output import errors
from proteinx.client.uploads import Progress as Advance


@contextmanager
def transfer_bar(label: str, total: int) -> Iterator[Advance]:
    """Gives the callback that transfers take; silent where standard error is no terminal."""
    console = errors()
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        task = progress.add_task(label, total=total)
        yield lambda count: progress.advance(task, count)
