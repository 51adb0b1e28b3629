"""`px doctor`: looks at this machine and its master, and says what to mend."""

from collections.abc import Callable, Iterator

import typer

from proteinx.cli import checkout
from proteinx.cli.checks import Finding, Level, machine, reachability
from proteinx.cli.exits import CommandError, Exit
from proteinx.cli.output import AsJson, print_json, print_table
from proteinx.client import credentials

_SIGNS = {Level.OK: "ok", Level.WARN: "warn", Level.FAIL: "FAIL"}


def doctor(as_json: AsJson = False) -> None:
    """The exit code is 1 if anything must be mended; what is marked warn works."""
    findings = list(_all())
    if as_json:
        print_json([{"check": item.check, "level": item.level.value, "text": item.text} for item in findings])
    else:
        print_table(("CHECK", "", "FOUND"), [(f.check, _SIGNS[f.level], f.text) for f in findings], "")
    raise typer.Exit(Exit.FAILED if any(item.level is Level.FAIL for item in findings) else Exit.OK)


def _all() -> Iterator[Finding]:
    parts: list[Callable[[], Iterator[Finding]]] = [machine.python, machine.packages, machine.gpus, machine.isolation]
    for part in parts:
        yield from part()
    yield from _here()
    yield from _master()


def _here() -> Iterator[Finding]:
    """What only the source tree has: disk of its state, and the system it may run."""
    try:
        root, home = checkout.root(), checkout.home()
    except CommandError:
        yield Finding("source tree", Level.OK, "none: a client only")
        return
    yield from machine.disk(home)
    yield from machine.local_system(root, home)


def _master() -> Iterator[Finding]:
    try:
        known = credentials.load()
    except credentials.NotSignedIn as error:
        yield Finding("master", Level.WARN, str(error))
        return
    yield from reachability.check(known)
