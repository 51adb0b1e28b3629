"""The meeting of a job over several machines: says that this one is ready, waits for the others, and hands over the
place in the variables that torchrun, Lightning and plain torch.distributed read."""

import random
import socket
import time
from typing import Final
from urllib.parse import urlsplit

from proteinx.client.agent import AttemptClient
from proteinx.contracts.jobs import JobSpec, Meeting, Ready
from worker.settings import WorkerSettings

_ASK_SECONDS: Final = 0.5


class NoMeeting(OSError):
    """The others did not come, or there is no port to listen on: nothing that the job's author could mend."""


def meet(spec: JobSpec, client: AttemptClient, settings: WorkerSettings) -> dict[str, str]:
    """The job's variables; none for a job on one machine. Raises NoMeeting, ApiError, Stopped."""
    if spec.world_size == 1:
        return {}
    ready = Ready(
        rank=spec.rank,
        address=settings.address or own_address(settings.master_url),
        port=free_port(settings.rendezvous_ports),
    )
    deadline = time.monotonic() + settings.rendezvous_patience
    while not (meeting := client.meet(ready)).ready:
        if time.monotonic() > deadline:
            late = ", ".join(str(rank) for rank in meeting.waiting_for)
            raise NoMeeting(f"the other members were not ready within {settings.rendezvous_patience:g} s: rank {late}")
        client.transport.wait(_ASK_SECONDS)
    return variables(spec, meeting)


def variables(spec: JobSpec, meeting: Meeting) -> dict[str, str]:
    """`RANK` and `WORLD_SIZE` count machines: right for one process on each; torchrun and Lightning, which start one
    process for each GPU, set their own. No `LOCAL_RANK`: Lightning would think that somebody else starts them."""
    assert meeting.address is not None  # noqa: S101  it is ready
    place = {"MASTER_ADDR": meeting.address, "MASTER_PORT": str(meeting.port)}
    torchrun = {
        "PET_NNODES": str(spec.world_size),
        "PET_NODE_RANK": str(spec.rank),
        "PET_NPROC_PER_NODE": str(max(1, spec.resources.gpus)),
        "PET_MASTER_ADDR": place["MASTER_ADDR"],
        "PET_MASTER_PORT": place["MASTER_PORT"],
        "PET_RDZV_ID": f"{spec.job_id}.{spec.attempt}",
    }
    ranks = {"NODE_RANK": str(spec.rank), "RANK": str(spec.rank), "WORLD_SIZE": str(spec.world_size)}
    return place | ranks | torchrun


def free_port(ports: str) -> int:
    """A free one of a range such as `29500-29999`, another one each time. Raises NoMeeting."""
    first, _, last = ports.partition("-")
    candidates = list(range(int(first), int(last or first) + 1))
    random.shuffle(candidates)
    for port in candidates:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("", port))
            except OSError:
                continue
            return port
    raise NoMeeting(f"none of the ports {ports} is free (PROTEINX_WORKER_RENDEZVOUS_PORTS)")


def own_address(master_url: str) -> str:
    """The address that this machine has towards the master; if that is its own, towards the rest of the world."""
    address = _towards(urlsplit(master_url).hostname or "localhost")
    if address.startswith("127."):
        return _towards("192.0.2.1", otherwise=address)  # of the network kept for documentation: nothing is sent
    return address


def _towards(host: str, otherwise: str = "127.0.0.1") -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((host, 9))
            return str(probe.getsockname()[0])
        except OSError:  # no way there: this machine is alone
            return otherwise
