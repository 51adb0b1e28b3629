"""The built-in broker's own folder in the state folder: secret, port, configuration and accounts, all 0600."""

import hashlib
import os
import secrets
import socket
from collections.abc import Iterable
from pathlib import Path

from app.scheduling.broker_accounts import account, node_rules


class BrokerFiles:
    def __init__(self, state: Path) -> None:
        self.folder = state / "broker"
        self.config = self.folder / "valkey.conf"
        self.accounts = self.folder / "users.acl"
        self._secret = self.folder / "secret"
        self._port = self.folder / "port"

    def prepare(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def secret(self) -> str:
        """The master's password, made once; nodes' passwords derive from it."""
        if not self._secret.exists():
            write_private(self._secret, secrets.token_urlsafe(32))
        return self._secret.read_text().strip()

    def port(self, wanted: int, host: str) -> int:
        """`wanted`, or where that is 0 the one used before, or a free one if it is new or taken by somebody else."""
        if wanted:
            return wanted
        kept = int(self._port.read_text()) if self._port.exists() else 0
        if not kept or not _is_free(host, kept):
            kept = _free_port(host)
            write_private(self._port, str(kept))
        return kept

    def known_nodes(self) -> list[str]:
        if not self.accounts.exists():
            return []
        prefix = f"user {account('')}"
        lines = self.accounts.read_text().splitlines()
        return [line.removeprefix(prefix).split()[0] for line in lines if line.startswith(prefix)]

    def write_accounts(self, node_ids: Iterable[str]) -> None:
        """The server reads it at its start; while it runs, accounts are changed by command as well."""
        secret = self.secret()
        digest = hashlib.sha256(secret.encode()).hexdigest()
        lines = [f"user default on #{digest} ~* &* +@all"]
        lines += [f"user {account(node)} {' '.join(node_rules(secret, node))}" for node in sorted(set(node_ids))]
        write_private(self.accounts, "\n".join(lines) + "\n")

    def write_config(self, addresses: Iterable[str], port: int) -> None:
        lines = [
            f"bind {' '.join(dict.fromkeys(addresses))}",
            f"port {port}",
            f'aclfile "{self.accounts}"',
            f'dir "{self.folder}"',
            "protected-mode yes",
            "daemonize no",
            "appendonly yes",
            'save ""',
            "maxmemory 256mb",
            "maxmemory-policy noeviction",
            "tcp-keepalive 60",
            "acllog-max-len 128",
        ]
        write_private(self.config, "\n".join(lines) + "\n")


def write_private(path: Path, text: str) -> None:
    """Whole or not at all, and never readable by others, not even for a moment."""
    part = path.with_suffix(path.suffix + ".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _is_free(host: str, port: int) -> bool:
    try:
        _bound_port(host, port)
    except OSError:
        return False
    return True


def _free_port(host: str) -> int:
    return _bound_port(host, 0)


def _bound_port(host: str, port: int) -> int:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("" if host == "*" else host, port))
        return int(probe.getsockname()[1])
