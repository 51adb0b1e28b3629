"""Slack and e-mail, by Apprise. Its plugins are named one by one: it has many more, and some run programs."""

import logging
import threading
from typing import Any, Final

from apprise import AppriseAsset, NotifyType
from apprise.plugins.base import NotifyBase
from apprise.plugins.email.base import NotifyEmail
from apprise.plugins.slack import NotifySlack

from app.errors import Unprocessable
from app.notifications import guard
from app.notifications.sending import NotSent, without
from proteinx.contracts.notifications import Kind

_PLUGINS: Final[dict[Kind, type[NotifyBase]]] = {
    "slack": NotifySlack,
    "email": NotifyEmail,
}
_LOGGER: Final = logging.getLogger("apprise")
_LOGGER.propagate = False  # its messages may hold tokens: they are read below, and never go to the master's log
_ASSET: Final = AppriseAsset(app_id="ProteinX", app_desc="ProteinX", async_mode=False, http_redirects=False)


class _Heard(logging.Handler):
    """What this thread's call was told."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._thread = threading.get_ident()
        self.last = ""

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self._thread:
            self.last = record.getMessage()


def check(kind: Kind, url: str) -> None:
    """Raises Unprocessable("bad_destination") where the service would not take this address."""
    _plugin(kind, url)


def send(kind: Kind, url: str, title: str, text: str, *, bad: bool, host: str | None, port: int, local: bool) -> None:
    """Raises NotSent."""
    if host is not None:
        try:
            guard.reach(host, port, local=local)
        except guard.Refused as error:
            raise NotSent(str(error)) from error
    heard = _Heard()
    _LOGGER.addHandler(heard)
    try:
        sent = _plugin(kind, url).notify(
            body=text, title=title, notify_type=NotifyType.WARNING if bad else NotifyType.INFO
        )
    finally:
        _LOGGER.removeHandler(heard)
    if not sent:
        raise NotSent(without(url, heard.last) or f"{kind} did not take it")


def _plugin(kind: Kind, url: str) -> NotifyBase:
    plugin = _PLUGINS[kind]
    parsed: dict[str, Any] | None = plugin.parse_url(url)
    bad = Unprocessable("bad_destination", f"This is no whole address for {kind}.", field="url")
    if not parsed:
        raise bad
    try:
        return plugin(**{**parsed, "asset": _ASSET})
    except TypeError as error:  # what Apprise's own error is a kind of
        raise bad from error
