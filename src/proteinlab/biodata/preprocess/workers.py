"""Parallel work with Dask: on this machine, or on a running cluster by its scheduler's address."""

import logging
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any, Self, TypeVar

from proteinlab.biodata.errors import DataError
from proteinlab.biodata.threads import thread_count

T = TypeVar("T")
CONNECT_SECONDS = 20
PROGRESS_SECONDS = 5.0


class Workers:
    """A context. Processes are started, or a cluster is joined, when there is first something to share out."""

    def __init__(self, scheduler: str | None = None, processes: int | None = None) -> None:
        self._scheduler = scheduler
        self.processes = processes or thread_count()
        self._client: Any = None
        self._cluster: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for opened in (self._client, self._cluster):
            if opened is not None:
                opened.close()
        self._client = self._cluster = None

    def map(self, label: str, function: Callable[..., T], items: Sequence[Any], *shared: Any) -> list[T]:
        """`function(item, *shared)` for each item, in order; `shared` is sent to each worker once.

        Prints how far it is every five seconds. An error of the function comes out as it is. Raises DataError
        no_scheduler.
        """
        if self._scheduler is None and (len(items) < 2 or self.processes == 1):
            return [function(item, *shared) for item in self._counted(label, items)]
        client = self.client()
        sent = [client.scatter(one, broadcast=True, hash=False) for one in shared]
        futures = client.map(function, items, *([one] * len(items) for one in sent), pure=False)
        from distributed import as_completed

        for _ in self._counted(label, as_completed(futures), len(futures)):
            continue
        results: list[T] = client.gather(futures)
        return results

    def client(self) -> Any:
        """The Dask client. Raises DataError no_scheduler."""
        if self._client is None:
            self._client = self._connect() if self._scheduler else self._start()
        return self._client

    def _start(self) -> Any:
        from distributed import Client, LocalCluster

        logging.getLogger("distributed").setLevel(logging.WARNING)
        self._cluster = LocalCluster(
            n_workers=self.processes,
            threads_per_worker=1,
            host="127.0.0.1",
            # A worker whose heartbeat meets the closing scheduler logs an error. What fails in earnest is raised.
            silence_logs=logging.CRITICAL,
            dashboard_address="127.0.0.1:0",  # the default is a fixed port, open to the network
        )
        return Client(self._cluster)

    def _connect(self) -> Any:
        from distributed import Client

        try:
            client = Client(self._scheduler, timeout=CONNECT_SECONDS)
        except (OSError, ValueError) as error:
            detail = (
                f"No Dask scheduler answers at '{self._scheduler}' ({error}): give its address, as tcp://host:8786."
            )
            raise DataError("no_scheduler", detail) from error
        self.processes = len(client.scheduler_info(n_workers=-1)["workers"])
        if not self.processes:
            client.close()
            raise DataError("no_scheduler", f"The Dask scheduler at '{self._scheduler}' has no workers: start some.")
        try:
            client.run(lambda: __import__("proteinlab.biodata").__name__)  # of a lambda the code itself is sent
        except ImportError as error:
            client.close()
            detail = (
                f"The workers of '{self._scheduler}' cannot import {error.name}: start them with PYTHONPATH=.../src."
            )
            raise DataError("workers_lack_library", detail) from error
        print(f"joined {self._scheduler} with {self.processes} workers", flush=True)
        return client

    @staticmethod
    def _counted(label: str, done: Any, total: int | None = None) -> Any:
        total = len(done) if total is None else total
        told = time.monotonic()
        for number, one in enumerate(done, 1):
            yield one
            if time.monotonic() - told > PROGRESS_SECONDS:
                told = time.monotonic()
                print(f"  {label}: {number:,} of {total:,} ({number / total:.0%})", flush=True)
