"""All commands. A command's module is imported only when it is used, so that `px --help` is quick."""

import importlib
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import typer
from typer.core import TyperCommand, TyperGroup

import proteinx
from proteinx.cli.exits import Exit, explain


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a command lives (`module:object`; a Typer object is a group of commands), and its line in the list."""

    target: str
    line: str
    panel: str
    passes_on: bool = False
    """Takes options that it doesn't know, for another program."""


_WORK: Final = "Work"
_SYSTEM: Final = "System"

COMMANDS: Final[dict[str, Entry]] = {
    "login": Entry("session:login", "Sign in to a master and keep a token for it.", _WORK),
    "logout": Entry("session:logout", "Revoke the kept token and forget it.", _WORK),
    "whoami": Entry("session:whoami", "Show the master and the account in use.", _WORK),
    "data": Entry("data:app", "Upload, list, show and delete data sets.", _WORK),
    "submit": Entry("submit:submit", "Create a job from a project and Hydra overrides.", _WORK),
    "run": Entry("run_local:run", "Run a job's exact code, inputs and config on this machine.", _WORK),
    "jobs": Entry("jobs:app", "List jobs; show one, its events, why it waits.", _WORK),
    "logs": Entry("logs:logs", "Print or follow a job's log.", _WORK),
    "cancel": Entry("jobs:cancel", "Cancel jobs.", _WORK),
    "retry": Entry("jobs:retry", "Make a new job with the same code, data and config.", _WORK),
    "release": Entry("jobs:release", "Let a held job go back to the queue.", _WORK),
    "reproduce": Entry("reproduce:reproduce", "Repeat a job from its pins and compare the results.", _WORK),
    "export": Entry("reproduce:export", "Pack a job so that plain MLflow can repeat it anywhere.", _WORK),
    "artifacts": Entry("artifacts:app", "List and download what a job left.", _WORK),
    "sweep": Entry("sweep:app", "Start, list, pause and stop sweeps over settings.", _WORK),
    "models": Entry("models:app", "List, register and promote models; those kept loaded.", _WORK),
    "predict": Entry("predict:predict", "Predict with a registered model.", _WORK),
    "projects": Entry("projects:app", "List, add and start projects: the code that jobs run.", _WORK),
    "notify": Entry("notify:app", "Be told of jobs, machines and disk in chat, by mail or webhook.", _WORK),
    "nodes": Entry("nodes:app", "List, drain and remove worker machines.", _WORK),
    "up": Entry("up:up", "Start master and worker on this machine.", _SYSTEM),
    "down": Entry("up:down", "Stop what `px up` started.", _SYSTEM),
    "status": Entry("up:status", "Show whether the system on this machine runs.", _SYSTEM),
    "demo": Entry("demo:demo", "Train a real protein model through the whole system.", _SYSTEM),
    "portal": Entry("portal:app", "Build the web portal.", _SYSTEM),
    "doctor": Entry("doctor:doctor", "Check this machine and its master, and say what to mend.", _SYSTEM),
    "worker": Entry("worker:app", "Join this machine as a worker.", _SYSTEM),
    "admin": Entry("admin:app", "People, tokens, and a lost password.", _SYSTEM),
    "backup": Entry("backup:backup", "Pack the master's state into one file (offline).", _SYSTEM),
    "restore": Entry("backup:restore", "Bring a backup back (offline).", _SYSTEM),
    "test": Entry("source:test", "Run all tests.", _SYSTEM, passes_on=True),
    "chaos": Entry("chaos:chaos", "Strike a system of its own with faults, and check what it promises.", _SYSTEM),
    "bench": Entry("source:bench", "Measure the platform against its targets.", _SYSTEM, passes_on=True),
}


class LazyGroup(TyperGroup):
    """Lists `COMMANDS` without importing any, and imports the one that is run."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = {
            name: TyperCommand(name, help=entry.line, rich_help_panel=entry.panel) for name, entry in COMMANDS.items()
        }

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        if args and args[0] in COMMANDS:
            self.commands[args[0]] = load(args[0])
        return super().resolve_command(ctx, args)


def load(name: str) -> Any:
    """A command with its line from `COMMANDS` and the details of its docstring."""
    entry = COMMANDS[name]
    module, _, attribute = entry.target.partition(":")
    target = getattr(importlib.import_module(f"proteinx.cli.{module}"), attribute)
    if isinstance(target, typer.Typer):
        target.info.help = entry.line
        command = typer.main.get_command(target)
    else:
        single = typer.Typer(add_completion=False)
        settings = {"ignore_unknown_options": entry.passes_on}
        single.command(name, help=f"{entry.line}\n\n{target.__doc__ or ''}", context_settings=settings)(target)
        command = typer.main.get_command(single)
    command.name = name
    return command


app = typer.Typer(
    cls=LazyGroup,
    name="px",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="ProteinX: train protein models on your lab's own machines.",
    epilog="Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not signed in or not allowed, 4 no master answers, "
    "5 job is held, 130 interrupted or job cancelled.",
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(proteinx.__version__)
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(False, "--version", help="Print the version.", is_eager=True, callback=_print_version),
) -> None:
    """What all commands share."""


def run(arguments: Sequence[str]) -> int:
    """Runs one command line and returns its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a log may hold what this terminal's encoding can't show
    try:
        code = typer.main.get_command(app)(list(arguments), prog_name="px", standalone_mode=False)
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except BrokenPipeError:  # the reader of our output (head, less) has seen enough
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        return Exit.FAILED
    except Exception as error:
        return _end(error)
    return code if isinstance(code, int) else Exit.OK


def _end(error: Exception) -> int:
    if hasattr(error, "exit_code") and hasattr(error, "show"):  # the command line itself is wrong
        error.show()
        return int(error.exit_code)
    if type(error).__name__ == "Abort":
        return Exit.INTERRUPTED
    code = explain(error)
    if code is None:
        raise error
    return code
