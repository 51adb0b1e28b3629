"""How the master comes up and goes down: each part after what it needs, and stopped in the reverse order."""

import logging
import os
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool

from app import access_log, migrate
from app.accounts import setup
from app.calm import keep_calm
from app.db import Database
from app.jobs import fault_rules
from app.live.hub import Hub
from app.master import Master
from app.monitoring.metrics import Collected
from app.scheduling.broker import Broker
from app.scheduling.loop import Scheduler
from app.serving.exchange import Exchange
from app.settings import Settings
from app.stopping import on_stop
from app.storage.local import LocalStorage
from app.tracking.mlflow import MlflowTracking
from app.tracking.owners import Owners
from app.tracking.proxy import Proxy
from app.tracking.rest import Rest
from app.tracking.server import MlflowServer
from app.workdir.service import Workdir, set_from_environment

log = logging.getLogger(__name__)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    access_log.install()
    keep_calm()
    with ExitStack() as stack:
        try:
            await run_in_threadpool(_start, app, stack)
            async with Proxy.opened(app.state.mlflow, app.state.owners) as proxy:
                app.state.proxy = proxy
                on_stop(app.state.master.exchange.shut)
                yield
                await app.state.master.exchange.close()
        finally:
            await run_in_threadpool(stack.close)


def _start(app: FastAPI, stack: ExitStack) -> None:
    settings: Settings = app.state.settings
    _private_folder(settings)
    migrate.upgrade(settings.database)
    db = Database(settings.database)
    stack.callback(db.close)
    set_from_environment(db, settings)
    setup.announce(db, settings)
    broker = Broker(settings)
    broker.start()
    stack.callback(broker.stop)
    app.state.master = master = _master(app, settings, db, broker, stack)
    app.state.metrics.register(Collected(master))
    if settings.scheduler:
        _schedule(master, broker, stack)


def _schedule(master: Master, broker: Broker, stack: ExitStack) -> None:
    scheduler = Scheduler(master, broker)
    master.wake = scheduler.wake
    master.probes["scheduler"] = scheduler.probe
    scheduler.start()
    stack.callback(scheduler.stop)


def _private_folder(settings: Settings) -> None:
    settings.state.mkdir(parents=True, exist_ok=True)
    if os.name == "posix":
        settings.state.chmod(0o700)


def _master(app: FastAPI, settings: Settings, db: Database, broker: Broker, stack: ExitStack) -> Master:
    workdir = Workdir(db)
    mlflow = MlflowServer(settings, workdir)
    mlflow.start()
    stack.callback(mlflow.stop)
    rest = Rest(lambda: mlflow.upstream)
    stack.callback(rest.close)
    app.state.mlflow, app.state.owners = mlflow, Owners(db, rest)

    def workdir_changed(_: object) -> None:
        workdir.forget()
        mlflow.start()

    return Master(
        settings=settings,
        db=db,
        storage=LocalStorage(workdir),
        fault_rules=fault_rules.load(settings.fault_rules),
        tracking=MlflowTracking(rest),
        hub=Hub(),
        wake=lambda: None,
        redis_for_node=broker.url_for_node,
        exchange=Exchange(lambda: broker.url),
        workdir_changed=workdir_changed,
        probes={"mlflow": mlflow.health, "broker": broker.probe, "scheduler": lambda: "off"},
    )
