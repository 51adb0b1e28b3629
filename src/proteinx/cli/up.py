"""`px up`, `px down`, `px status`: the system on this machine."""

import time
from typing import Annotated

import typer

import proteinx
from proteinx.cli import checkout
from proteinx.cli.agent import Agent
from proteinx.cli.exits import CommandError
from proteinx.cli.master import Address, Master, health
from proteinx.cli.output import AsJson, duration, note, print_fields, print_json, size
from proteinx.cli.portal_background import PORTAL_SECONDS, PortalInBackground, WithPortal
from proteinx.cli.processes import Record
from proteinx.contracts.system import wheel_path


def up(
    lan: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="This machine's address that other machines reach; else loopback only."),
    ] = None,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of the API.")] = 8000,
    worker: Annotated[bool, typer.Option("--worker/--no-worker", help="Work on this machine too.")] = True,
    portal: WithPortal = True,
    as_json: AsJson = False,
) -> None:
    """What runs already is left alone. State, data and logs are kept in var/ (or PROTEINX_HOME) of the source tree."""
    root, home = checkout.root(), checkout.home()
    master, agent = Master(root, home), Agent(root, home)
    build = PortalInBackground(root, home)
    is_building = portal and build.start()
    record = master.running()
    if record is None:
        note("Starting the master ...")
        record = master.start(Address(lan or "127.0.0.1", port))
    url = record.facts["url"]
    if worker and agent.running() is None:
        note("Starting the worker ...")
        token = None if agent.joined() else master.offline("join-token")["token"]
        agent.start(url, token, private=[master.state])
    if is_building:
        note("Building the portal, which takes a minute at first; all else is up already ...")
    _report(url, master, agent, as_json, no_portal=build.wait(PORTAL_SECONDS) if is_building else None)


def down(
    stop_jobs: Annotated[bool, typer.Option("--stop-jobs", help="End this machine's running jobs too.")] = False,
) -> None:
    """Jobs that run here go on and are adopted by the next `px up`, unless --stop-jobs is given."""
    root, home = checkout.root(), checkout.home()
    stopped = []
    if Agent(root, home).stop(stop_jobs=stop_jobs):
        stopped.append("worker")
    if Master(root, home).stop():
        stopped.append("master")
    note(f"Stopped: {' and '.join(stopped)}." if stopped else "Nothing was running.")


def status(as_json: AsJson = False) -> None:
    """The exit code is 0 if the master runs and all its parts are well."""
    root, home = checkout.root(), checkout.home()
    master, agent = Master(root, home), Agent(root, home)
    record, worker = master.running(), agent.running()
    answer = health(record.facts["url"]) if record else None
    well = answer is not None and answer.status == "ok"
    if as_json:
        print_json(
            {
                "master": _facts(record),
                "worker": _facts(worker),
                "health": answer.model_dump(mode="json") if answer else None,
            }
        )
    else:
        parts = answer.parts if answer else {}
        print_fields(
            [
                ("Master", _line(record, "is not running; start it with `px up`")),
                ("Worker", _line(worker, "is not running here")),
                *[(name.capitalize(), state) for name, state in parts.items()],
                ("State", master.state),
                ("Logs", home / "log"),
            ]
        )
    raise typer.Exit(0 if well else 1)


def _report(url: str, master: Master, agent: Agent, as_json: bool, no_portal: str | None) -> None:
    answer = health(url)
    if answer is None:
        raise CommandError(f"The master at {url} has stopped answering; see `px status`.")
    token = master.setup_token() if answer.setup_required else None
    if as_json:
        print_json(
            {
                "url": url,
                "setup_token": token,
                "portal_problem": no_portal,
                "master": _facts(master.running()),
                "worker": _facts(agent.running()),
            }
        )
        return
    print_fields(
        [
            ("Portal and sign-in", url),
            ("API docs", f"{url}/docs"),
            ("MLflow", f"{url}/mlflow/"),
            ("In notebooks", f"pip install {url}{wheel_path(proteinx.__version__)}"),
            ("Worker here", "runs" if agent.running() else "none"),
            ("Logs", master.home / "log"),
        ]
    )
    if no_portal:
        note(f"\n{no_portal}")
    if token:
        note(f"\nFirst run: make the admin at {url} with this one-time token, or on this terminal:")
        note(f"  ./px login {url} --setup-token {token}")


def _facts(record: Record | None) -> dict[str, object] | None:
    process = record.process() if record else None
    if record is None or process is None:
        return None
    tree = [process, *process.children(recursive=True)]
    memory = sum(item.memory_info().rss for item in tree if item.is_running())
    return {"pid": record.pid, "memory_bytes": memory, "log": record.log, **record.facts}


def _line(record: Record | None, otherwise: str) -> str:
    facts = _facts(record)
    if record is None or facts is None:
        return otherwise
    up_for = duration(time.time() - record.created)
    return f"{facts['url']}, process {record.pid}, up {up_for}, {size(float(str(facts['memory_bytes'])))} resident"
