"""Ends what of a job is not below its first process: a container belongs to its engine, not to whoever started it."""

import logging
import subprocess
from typing import Final

from worker.launch import Launch

_PATIENCE: Final = 60.0
log = logging.getLogger(__name__)


def clean_up(launch: Launch) -> None:
    """Does nothing for most jobs, and no harm where nothing is left."""
    if not launch.cleanup:
        return
    try:
        subprocess.run(
            launch.cleanup,
            env=launch.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
            timeout=_PATIENCE,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        log.warning("what the job left can't be ended: %s", error, extra={"action": "cleanup_failed"})
