"""The environment of a job's process: a few variables of the machine, the platform's contract, nothing else."""

import math
import os
import sys
from pathlib import Path
from typing import Final

from proteinx.contracts.jobs import JobSpec
from worker.layout import AttemptDir
from worker.settings import WorkerSettings

PASSED: Final = (
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "TZ",
    "LD_LIBRARY_PATH",
    "CUDA_HOME",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
)


def passed_on(settings: WorkerSettings) -> dict[str, str]:
    """What every job of this worker has, whichever it is."""
    environment = {name: os.environ[name] for name in (*PASSED, *settings.pass_env) if name in os.environ}
    environment.setdefault("LANG", "C.UTF-8")
    return environment | {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
        "PYTHONUNBUFFERED": "1",
        "MLFLOW_DISABLE_TELEMETRY": "true",
    }


def job_environment(spec: JobSpec, attempt: AttemptDir, settings: WorkerSettings) -> dict[str, str]:
    """MLFLOW_TRACKING_URI and the cookie come from the supervisor."""
    threads = str(max(1, math.floor(spec.resources.cpus)))
    environment = passed_on(settings) | {
        "HOME": str(attempt.home),
        "TMPDIR": str(attempt.temporary),
        "OMP_NUM_THREADS": threads,
        "MKL_NUM_THREADS": threads,
        "CUDA_VISIBLE_DEVICES": ",".join(spec.gpu_uuids),
        "HYDRA_FULL_ERROR": "0",
        "NO_PROXY": "127.0.0.1,localhost",
        "MLFLOW_RUN_ID": spec.job_id,
        "MLFLOW_EXPERIMENT_ID": spec.experiment_id,
        "MLFLOW_TRACKING_TOKEN": spec.token,
        # The address that it would print is the relay's, which ends with the job.
        "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
        # The relay keeps a call while the master is away; the client must not give it up before the relay does.
        "MLFLOW_HTTP_REQUEST_TIMEOUT": str(math.ceil(settings.relay_patience) + 60),
        "PROTEINX_RUN_ID": spec.job_id,
        "PROTEINX_ATTEMPT_NUMBER": str(spec.attempt),
        "PROTEINX_RANK": str(spec.rank),
        "PROTEINX_WORLD_SIZE": str(spec.world_size),
        "PROTEINX_OUTPUT_DIR": str(attempt.outputs),
        "PROTEINX_CHECKPOINT_DIR": str(attempt.checkpoints),
        "PROTEINX_METRICS_FILE": str(attempt.metrics),
    }
    if spec.checkpoint is not None:
        environment["PROTEINX_RESUME_DIR"] = str(attempt.resume)
    if spec.params_logged:
        environment["PROTEINX_PARAMS_LOGGED"] = "1"
    return environment
