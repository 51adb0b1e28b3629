"""All-against-all identity on one process and on two, in turns.

python benchmarks/biodata_identity.py path/to/table.csv.gz [--sequences 400] [--rounds 3]

Processes are started before the clock, as they are once per job. Other load on the machine lowers the ratio of wall
time, so that of processor time is given too: of one process, over the busier one of two. It is what idle cores give,
but for waiting.
"""

import argparse
import json
import statistics
import time
from pathlib import Path

import numpy as np

from proteinlab.biodata.alignment.matrix import identity_matrix
from proteinlab.biodata.preprocess.workers import Workers
from proteinlab.biodata.readers import read_records


def main() -> None:
    parser = argparse.ArgumentParser(description="All-against-all identity on one process and on two.")
    parser.add_argument("table", type=Path)
    parser.add_argument("--sequences", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    sequences = list(dict.fromkeys(record.sequence for record in read_records(options.table)))[: options.sequences]
    print(json.dumps(compare(sequences, options.rounds), indent=2))


def compare(sequences: list[str], rounds: int) -> dict[str, float]:
    with Workers(processes=1) as one, Workers(processes=2) as two:
        expected = identity_matrix(sequences, one)
        times: dict[int, list[float]] = {1: [], 2: []}
        processor: dict[int, list[float]] = {1: [], 2: []}
        for _ in range(rounds):
            for workers in (one, two):
                before = processor_seconds(workers)
                start = time.perf_counter()
                found = identity_matrix(sequences, workers)
                times[workers.processes].append(time.perf_counter() - start)
                after = processor_seconds(workers)
                processor[workers.processes].append(max(after[name] - before[name] for name in after))
                assert np.array_equal(found, expected)
    return {
        "pairs": len(sequences) * (len(sequences) - 1) // 2,
        "seconds_one": round(min(times[1]), 2),
        "seconds_two": round(min(times[2]), 2),
        "median_ratio": round(statistics.median(a / b for a, b in zip(times[1], times[2], strict=True)), 2),
        "median_ratio_cpu": round(statistics.median(a / b for a, b in zip(processor[1], processor[2], strict=True)), 2),
        "best_ratio": round(min(times[1]) / min(times[2]), 2),
    }


def processor_seconds(workers: Workers) -> dict[str, float]:
    """Of each process that works; one process works here, without Dask."""
    if workers.processes == 1:
        return {"own": time.process_time()}
    return workers.client().run(time.process_time)


if __name__ == "__main__":
    main()
