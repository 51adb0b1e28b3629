"""A consumer as a worker has one, run by the tests as a process: writes each doorbell as a line to the given file.

`python celery_consumer.py <node id> <file>`, the broker's address in REDIS_URL.
"""

import json
import os
import sys
from pathlib import Path

from celery import Celery

from proteinx.contracts.queues import RING_TASK, node_queue, transport_options

node_id, heard = sys.argv[1], Path(sys.argv[2])
app = Celery("node", broker=os.environ["REDIS_URL"])
app.conf.update(
    task_default_queue=node_queue(node_id),
    task_serializer="json",
    accept_content=["json"],
    task_ignore_result=True,
    worker_enable_remote_control=False,
    worker_send_task_events=False,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    broker_transport_options=transport_options(node_id),
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
)


@app.task(name=RING_TASK)
def ring(bell: dict[str, object]) -> None:
    with heard.open("a") as file:
        file.write(json.dumps(bell) + "\n")


app.worker_main(["worker", "--pool=solo", "--without-gossip", "--without-mingle", "--without-heartbeat"])
