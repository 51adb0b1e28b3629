"""The place where the members of a job over several machines meet."""

import socket

import pytest

from proteinx.contracts.jobs import JobSpec, Meeting, Resources
from worker import rendezvous
from worker.rendezvous import NoMeeting, free_port, own_address


@pytest.fixture
def spec() -> JobSpec:
    return JobSpec(
        job_id="a" * 32,
        attempt=1,
        rank=0,
        world_size=1,
        token="t",
        project="p",
        snapshot="d",
        snapshot_url="/",
        snapshot_size=1,
        entry_point="main",
        parameters={},
        overrides=[],
        inputs=[],
        checkpoint=None,
        resources=Resources(),
        gpu_uuids=[],
        experiment_id="1",
        time_limit=None,
        grace=1.0,
        params_logged=False,
    )


def test_a_port_of_the_range_that_is_free() -> None:
    with socket.socket() as taken:
        taken.bind(("", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(NoMeeting, match="RENDEZVOUS_PORTS"):
            free_port(f"{port}")
        assert free_port(f"{port}-{port + 20}") in range(port + 1, port + 21)


def test_the_address_towards_the_master() -> None:
    socket.inet_aton(own_address("http://127.0.0.1:8000"))
    socket.inet_aton(own_address("http://localhost:8000"))


def test_the_same_place_for_torchrun_lightning_and_plain_torch(spec: JobSpec) -> None:
    two = spec.model_copy(update={"world_size": 2, "rank": 1, "attempt": 3})
    told = rendezvous.variables(two, Meeting(ready=True, address="10.0.0.1", port=29512))
    assert (told["MASTER_ADDR"], told["MASTER_PORT"]) == ("10.0.0.1", "29512")
    assert (told["NODE_RANK"], told["RANK"], told["WORLD_SIZE"]) == ("1", "1", "2")
    assert (told["PET_NNODES"], told["PET_NODE_RANK"], told["PET_RDZV_ID"]) == ("2", "1", f"{two.job_id}.3")
    assert "LOCAL_RANK" not in told


class Client:
    """A master whose other members come at the third time of asking, or never."""

    def __init__(self, comes: bool) -> None:
        self.asked = 0
        self.comes = comes
        self.transport = self
        self.waited = 0.0

    def wait(self, seconds: float) -> None:
        self.waited += seconds

    def meet(self, ready: object) -> Meeting:
        self.asked += 1
        if self.comes and self.asked == 3:
            return Meeting(ready=True, address="10.0.0.1", port=29500)
        return Meeting(ready=False, waiting_for=[1])


class Settings:
    master_url = "http://127.0.0.1:8000"
    address = "10.0.0.9"
    rendezvous_ports = "29500-29999"
    rendezvous_patience = 60.0


def test_it_asks_until_all_are_there(spec: JobSpec) -> None:
    client = Client(comes=True)
    told = rendezvous.meet(spec.model_copy(update={"world_size": 2}), client, Settings())  # type: ignore[arg-type]
    assert told["MASTER_PORT"] == "29500"
    assert client.asked == 3
    assert rendezvous.meet(spec, client, Settings()) == {}  # type: ignore[arg-type]


def test_it_names_who_did_not_come(spec: JobSpec) -> None:
    settings = Settings()
    settings.rendezvous_patience = 0.0
    with pytest.raises(NoMeeting, match="rank 1"):
        rendezvous.meet(spec.model_copy(update={"world_size": 2}), Client(comes=False), settings)  # type: ignore[arg-type]
