"""`px worker`: this machine as a worker of a master, here or elsewhere."""

import getpass
import os
import shutil
import subprocess
from pathlib import Path
from typing import Annotated

import typer

from proteinx.cli import checkout
from proteinx.cli.agent import Agent
from proteinx.cli.exits import CommandError
from proteinx.cli.output import note
from proteinx.cli.unit import SERVICE, unit_text

app = typer.Typer(add_completion=False, no_args_is_help=True)

_IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0

Address = Annotated[str, typer.Argument(metavar="ADDRESS", help="The master, such as http://10.0.0.5:8000.")]
Token = Annotated[str | None, typer.Argument(metavar="[TOKEN]", help="Join token; or in PROTEINX_TOKEN.")]
Name = Annotated[str | None, typer.Option(help="The node's name; the host's name unless given.")]
Labels = Annotated[list[str] | None, typer.Option("--label", metavar="KEY=VALUE", help="For jobs that ask for it.")]


@app.command()
def join(
    address: Address,
    token: Token = None,
    name: Name = None,
    label: Labels = None,
    foreground: Annotated[bool, typer.Option("--foreground", help="Stay here and print the agent's log.")] = False,
) -> None:
    """Join a master with the token from `px admin join-token`, and start the agent.

    The token is used once; after that the node has its own. Run it again without a token to start the agent anew.
    """
    url = address.rstrip("/") if "://" in address else f"http://{address.rstrip('/')}"
    agent = Agent(checkout.root(), checkout.home())
    token = token or os.environ.get("PROTEINX_TOKEN")
    if agent.running() is not None:
        raise CommandError("The worker of this folder runs already; `px worker stop` first.")
    if token is None and not agent.joined():
        raise CommandError("Joining needs a token: an admin makes it with `px admin join-token`.")
    if foreground:
        agent.state.mkdir(parents=True, exist_ok=True, mode=0o700)
        command = agent.command(url, name, label)
        os.chdir(agent.root)
        os.execve(command[0], command, agent.environment(token))  # noqa: S606  no shell is wanted
    record = agent.start(url, token, name=name, labels=label)
    note(f"This machine works for {url} (process {record.pid}, log {record.log}).")
    note("To start it with the machine: px worker install-service")


@app.command()
def stop(
    stop_jobs: Annotated[bool, typer.Option("--stop-jobs", help="End the jobs that run here too.")] = False,
) -> None:
    """Stop the agent; without --stop-jobs its jobs go on and the next agent adopts them."""
    stopped = Agent(checkout.root(), checkout.home()).stop(stop_jobs=stop_jobs)
    note("The worker is stopped." if stopped else "No worker was running.")


@app.command("install-service")
def install_service(
    address: Address,
    system: Annotated[
        bool, typer.Option("--system/--user", help="For the whole machine (needs root), or this account only.")
    ] = _IS_ROOT,
    show: Annotated[bool, typer.Option("--print", help="Print the unit and change nothing.")] = False,
) -> None:
    """Have systemd start the agent with the machine. Join first: the service holds no token."""
    agent = Agent(checkout.root(), checkout.home())
    text = unit_text(agent, address, user=getpass.getuser() if system else None)
    if show:
        print(text, end="")
        return
    if not agent.joined():
        raise CommandError("Join first (`PROTEINX_TOKEN=... px worker join ADDRESS`): the service holds no token.")
    if shutil.which("systemctl") is None:
        raise CommandError("There is no systemd here; `px worker install-service --print` shows what it would run.")
    folder = Path("/etc/systemd/system") if system else Path.home() / ".config" / "systemd" / "user"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / SERVICE).write_text(text)
    agent.stop(stop_jobs=False)
    scope = [] if system else ["--user"]
    for arguments in (["daemon-reload"], ["enable", "--now", SERVICE]):
        answer = subprocess.run(["systemctl", *scope, *arguments], capture_output=True, text=True, check=False)
        if answer.returncode:
            raise CommandError(f"systemctl {' '.join(arguments)} failed: {answer.stderr.strip()}")
    note(f"{folder / SERVICE} is enabled and started; `systemctl {' '.join([*scope, 'status', SERVICE])}` shows it.")
    if not system:
        note("So that it runs while nobody is signed in: loginctl enable-linger")
