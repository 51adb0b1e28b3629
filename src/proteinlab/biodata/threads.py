"""How many threads to use."""

import os


def thread_count() -> int:
    """OMP_NUM_THREADS, which the platform sets to a job's share of the machine, else all processors."""
    said = os.environ.get("OMP_NUM_THREADS", "")
    return int(said) if said.isdigit() and int(said) else os.cpu_count() or 1
