"""The built-in broker with its accounts, and doorbells through it to a real Celery consumer."""

import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from unittest import mock
from urllib.parse import urlsplit

import psutil
import pytest
import redis
from pydantic import SecretStr

from app.scheduling.broker import Broker
from app.scheduling.broker_accounts import WeakBrokerPassword
from app.scheduling.dispatch import Doorbells
from app.settings import Settings
from proteinx.contracts.queues import Doorbell, node_queue
from tests.waiting import until

NODE, OTHER = "0123456789abcdef", "fedcba9876543210"
IDS = {name: f"{number:032x}" for number, name in enumerate(["a", "b", "c", "before", "after", "again"])}
NAMES = {job_id: name for name, job_id in IDS.items()}
ROOT = Path(__file__).resolve().parents[3]


def client(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, decode_responses=True, socket_timeout=60)


class Consumer:
    def __init__(self, url: str, folder: Path) -> None:
        self.file = folder / "heard"
        self.log = folder / "consumer.log"
        environment = {**os.environ, "REDIS_URL": url, "PYTHONPATH": str(ROOT / "src")}
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, str(Path(__file__).with_name("celery_consumer.py")), NODE, str(self.file)],
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def heard(self) -> list[str]:
        lines = self.file.read_text().splitlines() if self.file.exists() else []
        return [NAMES[json.loads(line)["job_id"]] for line in lines]


@pytest.fixture
def consumer(broker: Broker, tmp_path: Path) -> Iterator[Consumer]:
    running = Consumer(broker.url_for_node(NODE), tmp_path)
    master = client(broker.url)
    until(lambda: any(row["cmd"] == "brpop" for row in master.client_list()))
    yield running
    running.process.terminate()
    running.process.wait()
    print(running.log.read_text())


@pytest.fixture
def bells(broker: Broker) -> Iterator[Doorbells]:
    ringing = Doorbells(broker.url)
    yield ringing
    ringing.close()


def bell(name: str) -> Doorbell:
    return Doorbell(kind="start", job_id=IDS[name], attempt=1)


def ring(bells: Doorbells, name: str) -> None:
    """A ring that takes longer than the master would wait is given up, and here tried again."""
    until(lambda: bells.ring(NODE, bell(name)))


def test_a_node_hears_its_bell_with_no_right_it_lacks(broker: Broker, consumer: Consumer, bells: Doorbells) -> None:
    ring(bells, "a")
    until(consumer.heard)
    assert set(consumer.heard()) == {"a"}
    consumer.process.send_signal(signal.SIGTERM)
    consumer.process.wait(60)
    refused = client(broker.url).acl_log()
    assert refused == [], "Celery needed a command or key that a node's account does not have"


def test_a_flush_loses_no_later_bell(broker: Broker, consumer: Consumer, bells: Doorbells) -> None:
    ring(bells, "before")
    until(lambda: "before" in consumer.heard())
    client(broker.url).flushall()
    ring(bells, "after")
    until(lambda: "after" in consumer.heard())


def test_broker_killed_comes_back_with_its_accounts(broker: Broker, consumer: Consumer, bells: Doorbells) -> None:
    killed = next(row for row in client(broker.url).info().items() if row[0] == "process_id")[1]
    os.kill(killed, signal.SIGKILL)
    until(lambda: not psutil.pid_exists(killed))
    until(lambda: broker.probe() == "ok")

    def heard_one() -> bool:
        bells.ring(NODE, bell("again"))
        return "again" in consumer.heard()

    until(heard_one, 60)


def test_a_node_can_do_nothing_but_listen_to_its_own_queue(broker: Broker) -> None:
    broker.add_node(OTHER)
    mine = client(broker.url_for_node(NODE))
    assert mine.ping()
    for command in (
        ("LPUSH", node_queue(OTHER), "forged"),
        ("BRPOP", node_queue(OTHER), "1"),
        ("LLEN", f"{node_queue(OTHER)}.x"),
        ("LPUSH", f"{node_queue(NODE)}f", "a queue whose name begins like mine"),
        ("SADD", f"_kombu.binding.{node_queue(OTHER)}", "x"),
        ("GET", "anything"),
        ("KEYS", "*"),
        ("BRPOP", "proteinx-serve:reply:0", "1"),
        ("RPUSH", "proteinx-serve:reply:0", "{}"),
        ("FLUSHALL",),
        ("CONFIG", "GET", "*"),
        ("ACL", "LIST"),
        ("EVAL", "return 1", "0"),
        ("PUBLISH", "channel", "x"),
        ("SUBSCRIBE", "channel"),
        ("SCAN", "0"),
        ("MODULE", "LIST"),
        ("SHUTDOWN",),
        ("CLIENT", "LIST"),
        ("MONITOR",),
    ):
        with pytest.raises(redis.exceptions.NoPermissionError):
            mine.execute_command(*command)


def test_who_has_no_password_gets_nothing(broker: Broker) -> None:
    parts = urlsplit(broker.url)
    for account in ("", ":guess@", f"node-{NODE}:guess@", "default:@"):
        with pytest.raises((redis.AuthenticationError, redis.ResponseError)):
            client(f"redis://{account}127.0.0.1:{parts.port}/0").execute_command("LLEN", node_queue(NODE))


def test_a_removed_node_is_shut_out_at_once(broker: Broker) -> None:
    mine = client(broker.url_for_node(NODE))
    assert mine.ping()
    broker.remove_node(NODE)
    with pytest.raises((redis.AuthenticationError, redis.ConnectionError)):
        mine.ping()


def test_missed_accounts_are_made_good(broker: Broker) -> None:
    url = broker.url_for_node(NODE)
    master = client(broker.url)
    master.execute_command("ACL", "DELUSER", f"node-{NODE}")
    master.execute_command("ACL", "SETUSER", f"node-{OTHER}", "on", ">whatever-it-was", "+ping")
    broker.add_node(OTHER)
    broker.settle([NODE])
    assert client(url).ping()
    assert f"node-{OTHER}" not in master.execute_command("ACL", "USERS")


def test_bells_that_nobody_hears_do_not_pile_up(broker: Broker, bells: Doorbells) -> None:
    """Of a worker without a consumer, and of one that was removed."""
    queue, master = f"node.{NODE}", client(broker.url)
    broker.add_node(NODE)
    for _ in range(3):
        master.lpush(queue, *map(str, range(100)))
    broker.settle([NODE])
    assert master.lrange(queue, 0, -1) == [str(number) for number in reversed(range(100))], "the newest stay"
    broker.remove_node(NODE)
    assert not master.exists(queue)


def test_a_restarted_master_finds_the_same_addresses(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, _env_file=None)
    first = Broker(settings)
    first.start()
    until(lambda: first.probe() == "ok")
    before = (first.url, first.url_for_node(NODE))
    first.stop()
    second = Broker(settings)
    second.start()
    until(lambda: second.probe() == "ok")
    try:
        assert (second.url, second.url_for_node(NODE)) == before
        assert client(before[1]).ping()
    finally:
        second.stop()


def test_secrets_are_kept_from_other_people(broker: Broker, tmp_path: Path) -> None:
    folder = tmp_path / "state" / "broker"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for name in ("secret", "valkey.conf", "users.acl", "port"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600, name
    password = urlsplit(broker.url).password
    assert password
    pid = client(broker.url).info()["process_id"]
    assert password not in " ".join(psutil.Process(pid).cmdline())


@pytest.mark.parametrize("url", ["redis://h/0", "redis://:redis@h/0", "redis://:aaaaaaaaaaaaaaaaaaaaaaaa@h/0"])
def test_weak_external_password_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(WeakBrokerPassword, match="PROTEINX_REDIS_URL"):
        Broker(Settings(home=tmp_path, redis_url=SecretStr(url), _env_file=None))


def test_an_external_broker_gets_node_accounts_too(broker: Broker, tmp_path: Path) -> None:
    outside = Broker(Settings(home=tmp_path / "other", redis_url=SecretStr(broker.url), _env_file=None))
    outside.start()
    mine = client(outside.url_for_node(OTHER))
    assert mine.execute_command("LLEN", node_queue(OTHER)) == 0
    with pytest.raises(redis.ResponseError):
        mine.execute_command("LLEN", node_queue(NODE))
    outside.stop()
    assert client(broker.url).ping(), "a broker that runs elsewhere is not ours to stop"


def test_where_no_accounts_can_be_made_nodes_share_ours(broker: Broker, tmp_path: Path) -> None:
    password = "only-lists-but-no-accounts"
    client(broker.url).execute_command("ACL", "SETUSER", "plain", "on", f">{password}", "~*", "+@all", "-acl")
    url = f"redis://plain:{password}@127.0.0.1:{urlsplit(broker.url).port}/0"
    outside = Broker(Settings(home=tmp_path / "other", redis_url=SecretStr(url), _env_file=None))
    outside.start()
    assert outside.url_for_node(NODE) == url
    outside.settle([NODE])
    outside.stop()


def test_a_ring_never_waits_for_the_broker_nor_raises(broker: Broker, bells: Doorbells) -> None:
    ring(bells, "a")
    pid = client(broker.url).info()["process_id"]
    os.kill(pid, signal.SIGSTOP)
    try:
        assert not bells.ring(NODE, bell("b"))
        tried = mock.Mock(wraps=bells._app.send_task)
        with mock.patch.object(bells._app, "send_task", tried):
            assert not any(bells.ring(NODE, bell("b")) for _ in range(1000))
        assert tried.call_count < 10, "after one failure the rest is not tried"
    finally:
        os.kill(pid, signal.SIGCONT)
    ring(bells, "c")


def test_a_ring_at_a_closed_port_is_a_no() -> None:
    ringing = Doorbells("redis://:secret@127.0.0.1:1/0")
    assert not ringing.ring(NODE, bell("a"))
    ringing.close()
