"""The Celery consumer of one node: a child of the agent that hands every doorbell on to it.

It is a process of its own, so that the agent carries no Celery and a broker's trouble never touches a job. What it
needs, the broker's address too, comes as one line of JSON on its standard input: nothing secret is in its arguments or
its environment. When that input ends, the agent is gone, and so is the consumer.
"""

import json
import logging
import os
import sys
import threading
from dataclasses import dataclass
from typing import Any, NoReturn

from celery import Celery
from celery.signals import worker_ready

from proteinx.contracts.queues import RING_TASK, Doorbell, node_queue, transport_options
from worker import processes, tasks

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Orders:
    redis_url: str
    node_id: str
    socket: str
    canary_seconds: float


def make_app(orders: Orders) -> Celery:
    app = Celery("proteinx.worker", broker=orders.redis_url, set_as_current=True)
    app.conf.update(
        accept_content=["json"],
        task_serializer="json",
        task_ignore_result=True,
        task_acks_late=False,
        task_default_queue=node_queue(orders.node_id),
        task_create_missing_queues=True,
        worker_prefetch_multiplier=1,
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        worker_hijack_root_logger=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options=transport_options(orders.node_id),
        broker_pool_limit=2,
    )
    tasks.register(app, orders.socket)
    return app


def ring_oneself(app: Celery, orders: Orders) -> NoReturn:
    """Sends a canary through the broker now and then: when it stays away, the agent knows that bells would too."""
    pause = threading.Event()
    queue = node_queue(orders.node_id)
    while True:
        try:
            canary = Doorbell(kind="canary").model_dump()
            app.send_task(RING_TASK, args=[canary], queue=queue, expires=3 * orders.canary_seconds, retry=False)
        except Exception as error:
            log.info("no canary: %s", type(error).__name__, extra={"action": "canary_failed"})
        pause.wait(orders.canary_seconds)


def _end_with_agent() -> None:
    sys.stdin.read()
    os._exit(0)


def main() -> None:
    processes.hide()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    orders = Orders(**json.loads(sys.stdin.readline()))
    threading.Thread(target=_end_with_agent, name="agent watch", daemon=True).start()
    app = make_app(orders)

    @worker_ready.connect(weak=False)  # type: ignore[untyped-decorator]
    def start_canary(**_: Any) -> None:
        threading.Thread(target=ring_oneself, args=(app, orders), name="canary", daemon=True).start()

    app.Worker(
        pool="solo",
        concurrency=1,
        hostname=f"{node_queue(orders.node_id)}@agent",
        queues=[node_queue(orders.node_id)],
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        loglevel="WARNING",
    ).start()


if __name__ == "__main__":
    main()
