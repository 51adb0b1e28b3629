"""Rings doorbells through Celery. Nothing depends on one being heard: the heartbeat's reply says the same."""

import logging
import time

import redis
from celery import Celery
from kombu import Queue
from kombu.exceptions import KombuError

from proteinx.contracts.queues import RING_TASK, Doorbell, node_queue, transport_options

log = logging.getLogger(__name__)

SOCKET_SECONDS = 0.4
"""A ring touches the socket twice at most (connect, publish), so a dead broker holds the caller under a second."""
REST_SECONDS = 2.0
"""After a failed ring, how long the next ones are not even tried."""


class Doorbells:
    """The sending end: JSON only, no results, no remote control. Not thread-safe: one per thread."""

    def __init__(self, url: str) -> None:
        self._rest_until = 0.0
        self._app = Celery("proteinx-master", broker=url, set_as_current=False)
        self._app.conf.update(
            broker_transport_options=_producer_options(),
            broker_connection_timeout=SOCKET_SECONDS,
            broker_pool_limit=1,
            task_serializer="json",
            accept_content=["json"],
            task_ignore_result=True,
            task_publish_retry=False,
            worker_enable_remote_control=False,
            worker_send_task_events=False,
            task_send_sent_event=False,
        )

    def ring(self, node_id: str, bell: Doorbell) -> bool:
        """Whether the broker took it. Never raises for a broker that is away, nor waits for it over a second."""
        if time.monotonic() < self._rest_until:
            return False
        name = node_queue(node_id)
        try:
            self._app.send_task(
                RING_TASK,
                args=[bell.model_dump()],
                queue=Queue(name, routing_key=name),
                ignore_result=True,
                retry=False,
            )
        except (redis.RedisError, KombuError, OSError) as error:
            self._rest_until = time.monotonic() + REST_SECONDS
            log.warning("the broker is away, jobs start by heartbeat: %s", error, extra={"action": "ring"})
            return False
        return True

    def close(self) -> None:
        self._app.close()


def _producer_options() -> dict[str, object]:
    shared = transport_options("master")
    return {
        **shared,
        "client_name": "proteinx-master",
        "socket_timeout": SOCKET_SECONDS,
        "socket_connect_timeout": SOCKET_SECONDS,
        "retry_on_timeout": False,
        "max_retries": 0,
    }
