"""The one task: hand a doorbell on to the agent, which asks the master what it means."""

import json
import logging
import socket
from typing import Any

from celery import Celery
from pydantic import ValidationError

from proteinx.contracts.queues import RING_TASK, Doorbell

log = logging.getLogger(__name__)


def register(app: Celery, path: str) -> None:
    """`path` is the agent's datagram socket."""
    bell = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    bell.setblocking(False)

    def ring(doorbell: Any) -> None:
        try:
            checked = Doorbell.model_validate(doorbell)
        except ValidationError:
            log.warning("a message that is no doorbell is dropped", extra={"action": "bad_doorbell"})
            return
        try:
            bell.sendto(json.dumps(checked.model_dump()).encode(), path)
        except OSError as error:
            # The agent is starting, or swamped: its next heartbeat brings the same.
            log.warning("a doorbell was not heard: %s", error, extra={"action": "doorbell_lost"})

    app.task(ring, name=RING_TASK, ignore_result=True, acks_late=False)
