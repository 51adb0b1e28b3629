"""Builds the master: `uvicorn app.main:app` from `platform/`."""

from fastapi import FastAPI
from fastapi.routing import APIRoute
from prometheus_client import CollectorRegistry

import proteinx
from app import errors
from app.accounts.gate import Gate
from app.accounts.router import router as accounts
from app.accounts.throttle import Throttle
from app.comparing.router import router as comparing
from app.datasets.browse_router import router as browse
from app.datasets.router import router as datasets
from app.jobs.files_router import router as job_files
from app.jobs.router import router as jobs
from app.lifespan import lifespan
from app.live.router import router as live
from app.monitoring.latency import Latency
from app.monitoring.router import metrics_router
from app.monitoring.router import router as monitoring
from app.nodes.router import router as nodes
from app.notifications.router import router as notifications
from app.packages.router import files_router as package_files
from app.packages.router import router as packages
from app.pages.router import router as pages
from app.portal.files import PortalFiles
from app.portal.serving import Portal
from app.projects.router import router as projects
from app.registry.router import router as registry
from app.retention.router import router as retention
from app.scheduling.quotas_router import router as quotas
from app.serving.router import router as serving
from app.settings import Settings, get_settings
from app.sweeps.router import router as sweeps
from app.tracking.router import router as mlflow
from app.uploads.router import router as uploads
from app.workdir.router import router as workdir

ROUTERS = (
    *(monitoring, accounts, quotas, workdir, retention, nodes, jobs, job_files, uploads, datasets, browse),
    *(projects, registry, comparing, live, packages, sweeps, notifications, serving),
)


def _operation_id(route: APIRoute) -> str:
    """The function's name: the portal's client is generated from the document, and its functions have these names."""
    return route.name


def create_app(settings: Settings | None = None) -> FastAPI:
    app = FastAPI(
        title="ProteinX",
        version=proteinx.__version__,
        lifespan=lifespan,
        redirect_slashes=False,
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=_operation_id,
    )
    app.state.settings = settings or get_settings()
    app.state.portal = PortalFiles(app.state.settings.portal)
    app.state.throttle = Throttle()
    app.state.metrics = CollectorRegistry()
    app.add_middleware(Gate)
    app.add_middleware(Latency, registry=app.state.metrics)  # the last added is the outermost
    errors.install(app)
    for router in ROUTERS:
        app.include_router(router, prefix="/api")
    app.include_router(pages)
    app.include_router(package_files)
    app.include_router(metrics_router)
    app.include_router(mlflow)
    app.router.default = Portal(app.state.portal, otherwise=app.router.default)
    return app


app = create_app()
