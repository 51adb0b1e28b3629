"""`px artifacts`."""

from pathlib import Path
from typing import Annotated

import typer

from proteinx.cli.exits import CommandError
from proteinx.cli.jobs import Reference
from proteinx.cli.output import AsJson, note, print_json, print_table, size
from proteinx.client import connect
from proteinx.sdk.progress import transfer as transfer_bar

app = typer.Typer(add_completion=False, no_args_is_help=True)


@app.command("list")
def list_(job: Reference, as_json: AsJson = False) -> None:
    """List what a job left, with where the bytes lie in the master's workdir."""
    with connect() as master:
        items = master.jobs.artifacts(master.jobs.resolve(job))
    if as_json:
        print_json(items)
        return
    rows = [(item.path, size(item.size), (item.sha256 or "-")[:12], item.location) for item in items]
    print_table(("PATH", "SIZE", "SHA-256", "LOCATION"), rows, "This job has no artifacts yet.")


@app.command()
def download(
    job: Reference,
    paths: Annotated[list[str] | None, typer.Argument(help="Files or folders among them; all unless named.")] = None,
    to: Annotated[Path | None, typer.Option("--to", "-o", help="Folder; ./<job> unless named.")] = None,
    as_json: AsJson = False,
) -> None:
    """Fetch a job's artifacts; each is checked, and one that broke off goes on where it stopped."""
    with connect() as master:
        job_id = master.jobs.resolve(job)
        folder = (to or Path(job_id[:12])).resolve()
        items = master.jobs.artifacts(job_id)
        wanted = [item for item in items if _is_wanted(item.path, paths)]
        if not wanted:
            known = ", ".join(item.path for item in items[:10]) or "none"
            raise CommandError(f"No artifact of this job is named so; there are: {known}.")
        written = []
        with transfer_bar(job_id[:12], sum(item.size for item in wanted)) as progress:
            for item in wanted:
                destination = inside(folder, item.path)
                master.jobs.download_artifact(job_id, item, destination, progress)
                written.append(destination)
    if as_json:
        print_json([str(path) for path in written])
    else:
        note(f"{len(written)} files are in {folder}.")


def inside(folder: Path, path: str) -> Path:
    """Where `path` goes below `folder`; a master can't make a client write elsewhere."""
    destination = (folder / path).resolve()
    if not destination.is_relative_to(folder) or destination == folder:
        raise CommandError(f"The artifact's path {path!r} leads out of the folder; it is not fetched.")
    return destination


def _is_wanted(path: str, chosen: list[str] | None) -> bool:
    return not chosen or any(path == item or path.startswith(f"{item.rstrip('/')}/") for item in chosen)
