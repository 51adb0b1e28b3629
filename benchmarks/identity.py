"""All-against-all identity on one process and on two, in turns.

Processes are started before the clock, as they are once per job. Other load on the machine lowers the ratio of wall
time, so that of processor time is given too: of one process, over the busier one of two. It is what idle cores give,
but for waiting.
"""

import statistics
import time
from dataclasses import dataclass
from itertools import islice

import numpy as np

from benchmarks.figures import Figure
from benchmarks.proteins import made_proteins
from proteinlab.biodata.alignment.matrix import identity_matrix
from proteinlab.biodata.homology.identity import FloatArray
from proteinlab.biodata.preprocess.workers import Workers

SEQUENCES = 800
ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Times:
    wall: float
    cpu: float  # of the busiest process


def measure() -> list[Figure]:
    sequences = list(islice(made_proteins(), SEQUENCES))
    with Workers(processes=1) as one, Workers(processes=2) as two:
        expected = identity_matrix(sequences, two)  # starts the processes
        rounds = [(timed(sequences, one, expected), timed(sequences, two, expected)) for _ in range(ROUNDS)]
    wall, cpu = (statistics.median(getattr(a, of) / getattr(b, of) for a, b in rounds) for of in ("wall", "cpu"))
    best = [min(pair[at].wall for pair in rounds) for at in range(2)]
    return [
        Figure(
            f"identity of {SEQUENCES} proteins to all, {SEQUENCES * (SEQUENCES - 1) // 2:,} pairs, two cores",
            f"{wall:.2f} times as fast (CPU time: {cpu:.2f}), {best[1]:.1f} s",
            f"one core: {best[0]:.1f} s",
            "at least 1.6",
            wall >= 1.6,
        )
    ]


def timed(sequences: list[str], workers: Workers, expected: FloatArray) -> Times:
    before, start = processor_seconds(workers), time.perf_counter()
    found = identity_matrix(sequences, workers)
    wall, after = time.perf_counter() - start, processor_seconds(workers)
    if not np.array_equal(found, expected):
        raise AssertionError("one process and two find different identities")
    return Times(wall, max(after[name] - before[name] for name in after))


def processor_seconds(workers: Workers) -> dict[str, float]:
    """Of each process that works; one process works here, without Dask."""
    if workers.processes == 1:
        return {"own": time.process_time()}
    seconds: dict[str, float] = workers.client().run(time.process_time)
    return seconds
