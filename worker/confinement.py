"""Which paths a job may not read, or only read."""

import sys
from pathlib import Path
from typing import Final

from worker.cache import Cache
from worker.landlock import Access
from worker.layout import AttemptDir
from worker.settings import REPOSITORY, WorkerSettings

CREDENTIALS: Final = (
    ".ssh",
    ".aws",
    ".azure",
    ".config/gcloud",
    ".config/gh",
    ".config/proteinx",
    ".docker",
    ".git-credentials",
    ".gnupg",
    ".kube",
    ".netrc",
    ".pgpass",
    ".pypirc",
)
"""In the home of whoever runs the agent."""


def special_paths(attempt: AttemptDir, cache: Cache, settings: WorkerSettings) -> dict[str, str]:
    """The most specific path counts; what is not named here stays open, as the machine's permissions have it."""
    home = Path.home()
    rules = dict.fromkeys((REPOSITORY, Path(sys.prefix)), Access.READ)  # a job must not change the worker's code
    rules |= {home / name: Access.NONE for name in CREDENTIALS}
    rules |= dict.fromkeys(settings.private_paths, Access.NONE)
    rules |= {
        REPOSITORY / ".env": Access.NONE,
        settings.state_dir: Access.NONE,
        settings.cache: Access.NONE,
        cache.blobs: Access.READ,
        attempt.inputs: Access.READ,
        attempt.resume: Access.READ,
        attempt.work: Access.FULL,
    }
    return {str(path.absolute()): access.value for path, access in rules.items()}
