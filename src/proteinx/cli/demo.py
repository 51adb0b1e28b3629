"""`px demo`: a real protein model, from data set to predictions, through the whole system on this machine."""

import contextlib
import os
import secrets
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from pydantic import BaseModel

from proteinx.cli import checkout
from proteinx.cli.agent import Agent
from proteinx.cli.demo_report import PUBLISHED, ReadBack, print_report, read_back, three_test_rows
from proteinx.cli.exits import CommandError
from proteinx.cli.follow import follow
from proteinx.cli.master import Address, Master, free_port, require_free
from proteinx.cli.output import note
from proteinx.cli.portal_background import PortalInBackground, WithPortal
from proteinx.cli.predict import run_prediction
from proteinx.client import Client
from proteinx.contracts.accounts import Setup
from proteinx.contracts.datasets import ColumnNames
from proteinx.contracts.jobs import GIB, JobCreate, JobDetail, Resources
from proteinx.contracts.nodes import NodeHealth
from proteinx.contracts.states import JOB_ENDS, JobState

DATA: Final = Path("examples") / "gb1_flip" / "three_vs_rest.csv.gz"
MODEL: Final = "gb1-demo"
_NAME: Final = "gb1 demo"
_EXPERIMENT: Final = "demo"
_ADMIN: Final = "admin"
_ONLINE_SECONDS: Final = 60.0
_PORTAL_SECONDS: Final = 20.0
"""The longest that a demo waits at its end for the portal; it does not need it."""
_RECORD_SECONDS: Final = 60.0
"""Metrics and the registered version follow a job's end; MLflow may be slow."""


class SignIn(BaseModel):
    name: str
    password: str


def demo(
    keep: Annotated[bool, typer.Option("--keep", help="Leave the system running at the end.")] = False,
    portal: WithPortal = True,
) -> None:
    """Starts everything in a home of its own (var/demo), trains FLIP's GB1 benchmark on a worker, reads metrics,
    artifacts and model back through the API and through MLflow, predicts with the model, and stops what it started.

    Data, accounts and cache stay for the next run. The exit code is 0 only if all was read back.
    """
    root = checkout.root()
    home = checkout.home() / "demo"
    master, agent = Master(root, home), Agent(root, home)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    build = PortalInBackground(root, home)
    is_building = portal and build.start()
    with _stopped_at_the_end(master, agent, keep), _unharmed(build, keep):
        url = _start(master)
        with _signed_in(master, url) as client:
            _work(client, master, agent)
            version = _upload(client, root / DATA)
            job = _train(client, version)
            result = read_back(client, job, master.home / "workdir")
            rows = _predict(client, job, root / DATA)
            print_report(client, result, rows)
            _print_access(master, url, keep, build.wait(_PORTAL_SECONDS) if is_building else None)
            _print_result(result)


@contextmanager
def _unharmed(build: PortalInBackground, keep: bool) -> Iterator[None]:
    """The portal's build ends with the demo, unless the system goes on."""
    try:
        yield
    except BaseException:
        build.stop()
        raise
    if not keep:
        build.stop()


@contextmanager
def _stopped_at_the_end(master: Master, agent: Agent, keep: bool) -> Iterator[None]:
    try:
        yield
    except BaseException:
        keep = False
        note("Stopping ...")  # not after success: the result is the last line that one reads
        raise
    finally:
        if not keep:
            try:
                agent.stop(stop_jobs=True)
            finally:
                master.stop()


def _start(master: Master) -> str:
    running = master.running()
    if running is not None:
        return running.facts["url"]
    note("Starting broker, MLflow, API and scheduler ...")
    return master.start(Address("127.0.0.1", _port(master.home / "port"))).facts["url"]


def _port(kept: Path) -> int:
    """The same at each run, where it is free, so that what an interrupted one left behind finds its master again."""
    if kept.exists():
        with contextlib.suppress(CommandError):  # somebody else's by now
            port = int(kept.read_text())
            require_free(Address("127.0.0.1", port))
            return port
    port = free_port()
    kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    kept.write_text(str(port))
    return port


@contextmanager
def _signed_in(master: Master, url: str) -> Iterator[Client]:
    """As the demo's admin, who is made at the first run with a password that nobody has to think of."""
    who = _sign_in_of(master)
    with Client(url) as session:
        setup_token = master.setup_token()
        if setup_token:
            setup = Setup(setup_token=setup_token, name=who.name, password=who.password)
            session.accounts.setup(setup)
        else:
            session.accounts.sign_in(who.name, who.password)
        token = session.accounts.create_token("px demo", days=1)
        with Client(url, token.token) as client:
            yield client
        session.accounts.delete_token(token.id)
        session.accounts.sign_out()


def _sign_in_of(master: Master) -> SignIn:
    path = _sign_in_file(master)
    if path.exists():
        return SignIn.model_validate_json(path.read_bytes())
    made = SignIn(name=_ADMIN, password=secrets.token_urlsafe(18))
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(made.model_dump_json())
    return made


def _sign_in_file(master: Master) -> Path:
    return master.home / "sign-in.json"


def _work(client: Client, master: Master, agent: Agent) -> None:
    """Has one worker online on this machine."""
    if agent.running() is None:
        note("Starting the worker ...")
        token = None if agent.joined() else client.accounts.create_join_token().token
        agent.start(client.url, token, name="demo-worker", private=[master.state, _sign_in_file(master)])
    deadline = time.monotonic() + _ONLINE_SECONDS
    while not any(node.health is NodeHealth.ONLINE for node in client.nodes.all()):
        if time.monotonic() > deadline:
            raise CommandError(f"The worker does not come online; its log: {agent.home / 'log' / 'worker.log'}")
        time.sleep(0.1)


def _upload(client: Client, path: Path) -> str:
    """The benchmark as a data set; what is there from an earlier run is found again."""
    version = client.datasets.upload(
        "gb1",
        path,
        columns=ColumnNames(sequence="sequence", target="target", set="set", validation="validation"),
        description="FLIP GB1, split three_vs_rest (Dallago et al. 2021); see examples/gb1_flip/README.md.",
    )
    note(f"Data: {version.dataset}@{version.number}, {version.rows} sequences of {version.filename}")
    return f"{version.dataset}@{version.number}"


def _clear_queue(client: Client) -> None:
    """A demo that was killed may have left its job; it would train beside the new one."""
    for job in client.jobs.page(experiment=_EXPERIMENT, limit=100).items:
        if job.name == _NAME and job.state not in JOB_ENDS:
            client.jobs.cancel(job.id)


def _train(client: Client, data: str) -> JobDetail:
    _clear_queue(client)
    job = client.jobs.create(
        JobCreate(
            project="protein",
            entry_point="main",
            overrides=["experiment=gb1_demo"],
            inputs={"data": data},
            # One core: a net this small gains little from a second, and threads that wait for each other lose
            # tenfold where something else runs on the machine.
            resources=Resources(cpus=1, memory=GIB),
            experiment=_EXPERIMENT,
            name=_NAME,
            register_as=MODEL,
        )
    )
    note(f"Job {job.id} is in the queue; its log:\n")
    try:
        ended = follow(client, job.id)
    except BaseException:  # Ctrl-C too: the next demo must not find this job in its queue
        client.jobs.cancel(job.id)
        raise
    if ended.state is not JobState.SUCCEEDED:
        raise CommandError(f"The job is {ended.state.value}: {ended.reason}")
    return _recorded(client, ended.id)


def _recorded(client: Client, job_id: str) -> JobDetail:
    """The job once its metrics and its model's version have been recorded."""
    deadline = time.monotonic() + _RECORD_SECONDS
    while True:
        job = client.jobs.get(job_id)
        if job.registered_version and "test_spearman" in job.metrics:
            return job
        if time.monotonic() > deadline:
            lacks = "its model's version" if "test_spearman" in job.metrics else "its metrics"
            raise CommandError(f"Job {job_id} succeeded, but {lacks} did not arrive in {_RECORD_SECONDS:.0f} s.")
        time.sleep(0.1)


def _predict(client: Client, job: JobDetail, data: Path) -> list[dict[str, Any]]:
    """Three sequences of the test set with what was measured for them, by the registered model, on a worker."""
    chosen = three_test_rows(data)
    reference = f"models:/{MODEL}/{job.registered_version}"
    _, predictions = run_prediction(client, reference, [sequence for sequence, _ in chosen])
    if len(predictions) != len(chosen):
        raise CommandError(f"{len(chosen)} sequences went in and {len(predictions)} predictions came out.")
    return [
        {"sequence": sequence, "measured": measured, "predicted": float(row["prediction"])}
        for (sequence, measured), row in zip(chosen, predictions, strict=True)
    ]


def _print_access(master: Master, url: str, keep: bool, no_portal: str | None) -> None:
    who = _sign_in_of(master)
    note(f"\nPortal    {no_portal or url}\nAPI docs  {url}/docs\nMLflow    {url}/mlflow/")
    note(f"Sign-in   {who.name}, password in {_sign_in_file(master)}")
    if keep:
        note(f"It goes on running; to stop it: PROTEINX_HOME={master.home} ./px down --stop-jobs")
    else:
        note("All of it is stopped now; `./px demo --keep` leaves it running.")


def _print_result(result: ReadBack) -> None:
    print(f"result test_spearman={result.spearman:.4f} published={PUBLISHED} job={result.job.id}")
