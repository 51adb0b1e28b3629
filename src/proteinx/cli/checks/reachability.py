"""The master as this machine sees it: address, parts, clock, MLflow, nodes."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

import proteinx
from proteinx.cli.checks import Finding, Level
from proteinx.client import ApiError, Client
from proteinx.client.credentials import Credentials
from proteinx.client.retry import ONCE
from proteinx.contracts.accounts import Role
from proteinx.contracts.nodes import NodeHealth
from proteinx.contracts.system import Health

_CLOCK_WARN: Final = 2.0
_CLOCK_FAIL: Final = 60.0
_LOOPBACK: Final = ("http://127.0.0.1", "http://localhost", "http://[::1]")


def check(known: Credentials) -> Iterator[Finding]:
    with Client(known.url, known.token, retry=ONCE) as master:
        try:
            began = time.monotonic()
            reply = master.transport.request("GET", "/api/health")
            took = time.monotonic() - began
        except ApiError as error:
            yield Finding("master", Level.FAIL, f"{error.detail} Check the address, the firewall, and `px status`.")
            return
        yield Finding("master", Level.OK, f"{known.url} answers in {took * 1000:.0f} ms")
        yield from _parts(Health.model_validate_json(reply.content))
        yield _clock(reply.headers.get("Date"))
        yield _tls(known.url)
        yield from _signed_in(master)


def _parts(answer: Health) -> Iterator[Finding]:
    same = answer.version == proteinx.__version__
    text = answer.version if same else f"{answer.version}, here {proteinx.__version__}: bring both to the same version"
    yield Finding("version", Level.OK if same else Level.WARN, text)
    for name, state in answer.parts.items():
        level = Level.OK if state == "ok" else Level.FAIL
        yield Finding(name, level, state if state == "ok" else f"{state}; see the master's log")


def _clock(date: str | None) -> Finding:
    if date is None:
        return Finding("clock", Level.WARN, "the master sends no date")
    offset = abs((datetime.now(UTC) - parsedate_to_datetime(date)).total_seconds())
    if offset <= _CLOCK_WARN:
        return Finding("clock", Level.OK, "agrees with the master's")
    level = Level.FAIL if offset > _CLOCK_FAIL else Level.WARN
    return Finding("clock", level, f"{offset:.0f} s off the master's: switch on time synchronisation (NTP)")


def _tls(url: str) -> Finding:
    if url.startswith("https://"):
        return Finding("encryption", Level.OK, "TLS")
    if url.startswith(_LOOPBACK):
        return Finding("encryption", Level.OK, "not needed on this machine")
    text = "plain HTTP shows passwords and tokens to the network: put TLS in front (docs/security.md)"
    return Finding("encryption", Level.WARN, text)


def _signed_in(master: Client) -> Iterator[Finding]:
    try:
        me = master.accounts.me()
        yield Finding("account", Level.OK, f"{me.name} ({me.role.value})")
        yield _mlflow(master)
        yield _nodes(master)
        if me.role is Role.ADMIN:
            yield _store(master)
    except ApiError as error:
        yield Finding("account", Level.FAIL, f"{error.detail} Sign in again with `px login`.")


def _mlflow(master: Client) -> Finding:
    try:
        version = master.transport.request("GET", "/mlflow/version").text.strip()
    except ApiError as error:
        return Finding("mlflow through the proxy", Level.FAIL, error.detail)
    return Finding("mlflow through the proxy", Level.OK, version)


def _store(master: Client) -> Finding:
    """By the files' sizes: seconds for a store of many thousands."""
    files = faults = 0
    for page in master.system.check_store():
        files, faults = files + page.files, faults + len(page.faults)
    if faults:
        text = f"{faults} of {files} files are missing or changed: `px admin check-store` lists them"
        return Finding("store", Level.FAIL, text)
    return Finding("store", Level.OK, f"{files} files, each of its size")


def _nodes(master: Client) -> Finding:
    nodes = master.nodes.all()
    online = [node.name for node in nodes if node.health is NodeHealth.ONLINE]
    if not nodes:
        return Finding("nodes", Level.WARN, "no worker has joined; `px admin join-token` makes the command for one")
    level = Level.OK if online else Level.FAIL
    return Finding("nodes", level, f"{len(online)} of {len(nodes)} online: {', '.join(online) or 'none'}")
