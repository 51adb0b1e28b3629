"""Where everything lies in the storage: the one place that makes keys."""


def artifacts(job_id: str) -> str:
    """The prefix of a job's artifacts: MLflow's own folder for the run, whose id is the job's."""
    return f"artifacts/{job_id}/artifacts"


def checkpoint(job_id: str, attempt: int, step: int, path: str) -> str:
    return f"checkpoints/{job_id}/{attempt}-{step}/{path}"


def raw(dataset: str, number: int, path: str) -> str:
    """Of an uploaded dataset's file."""
    return f"raw/{dataset}/{number}/{path}"


def processed(dataset: str, number: int, path: str) -> str:
    """Of a file of a dataset that a job made."""
    return f"processed/{dataset}/{number}/{path}"


def report(sha256: str) -> str:
    """Of the quality report of a job's data file, until the job ends and it goes to the database."""
    return f"processed/.reports/{sha256}.json"


def snapshot(digest: str) -> str:
    return f"projects/{digest}.tar.gz"
