"""Robots of chat groups in Feishu, Lark, WeCom and DingTalk: one POST each, signed where the robot has a secret.

Their own code, since Apprise takes any HTTP 200 for success, where these services refuse with 200 and a code in the
body; does not sign for Feishu and Lark; and encodes DingTalk's signature twice, which DingTalk refuses.
"""

import base64
import hashlib
import hmac
import re
import time
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import httpx

from app.errors import Unprocessable
from app.notifications.sending import NotSent, without
from proteinx.contracts.notifications import Kind

ENDPOINTS: Final[dict[Kind, str]] = {
    "feishu": "https://open.feishu.cn/open-apis/bot/v2/hook/{token}",
    "lark": "https://open.larksuite.com/open-apis/bot/v2/hook/{token}",
    "wecom": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={token}",
    "dingtalk": "https://oapi.dingtalk.com/robot/send?access_token={token}",
}
_LONGEST: Final[dict[Kind, int]] = {"feishu": 15_000, "lark": 15_000, "wecom": 2048, "dingtalk": 15_000}
"""Bytes of the text: WeCom's own limit, the others' (20,000 with all that is around it) with room."""
_URL: Final = re.compile(r"\w+://(?:(?P<secret>[^@/?#]+)@)?(?P<token>[\w-]+)/?")
_TIMEOUT: Final = httpx.Timeout(10.0, connect=5.0)


def check(kind: Kind, url: str) -> None:
    """Raises Unprocessable("bad_destination") for what is not `kind://token` or `kind://secret@token`."""
    if _URL.fullmatch(url) is None:
        raise Unprocessable("bad_destination", f"This is no whole address for {kind}.", field="url")


def send(kind: Kind, url: str, title: str, text: str) -> None:
    """Raises NotSent, with the service's own words where it refuses."""
    found = _URL.fullmatch(url)
    if found is None:
        raise NotSent(f"the address for {kind} is not whole; remove it and add it again")
    target = ENDPOINTS[kind].format(token=found["token"])
    secret = unquote(found["secret"]) if found["secret"] else None
    query, signed = _signature(kind, secret, time.time())
    said = _fitting(text if text == title else f"{title}\n{text}", _LONGEST[kind])
    body = {**signed, **_body(kind, said)}
    try:
        with httpx.Client(timeout=_TIMEOUT) as client:
            reply = client.post(httpx.URL(target).copy_merge_params(query), json=body)
    except httpx.HTTPError as error:
        raise NotSent(f"{urlsplit(target).hostname} does not answer ({type(error).__name__})") from error
    refusal = _refusal(reply)
    if refusal:
        told = without(url, refusal)
        raise NotSent(f"{kind} refused it: {told}" if told else f"{kind} refused it")


def feishu_sign(secret: str, timestamp: str) -> str:
    """Feishu's and Lark's: what is signed is the key, and the message is empty."""
    return _hmac(f"{timestamp}\n{secret}", "")


def dingtalk_sign(secret: str, timestamp: str) -> str:
    return _hmac(secret, f"{timestamp}\n{secret}")


def _signature(kind: Kind, secret: str | None, at: float) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """What goes into the address, and what goes into the body."""
    if secret is None or kind == "wecom":
        return {}, {}
    if kind == "dingtalk":
        timestamp = str(round(at * 1000))
        return {"timestamp": timestamp, "sign": dingtalk_sign(secret, timestamp)}, {}
    timestamp = str(int(at))
    return {}, {"timestamp": timestamp, "sign": feishu_sign(secret, timestamp)}


def _hmac(key: str, message: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), message.encode(), hashlib.sha256).digest()).decode()


def _body(kind: Kind, text: str) -> dict[str, Any]:
    if kind in ("feishu", "lark"):
        return {"msg_type": "text", "content": {"text": text}}
    return {"msgtype": "text", "text": {"content": text}}


def _fitting(text: str, longest: int) -> str:
    """A text that is too long would be refused as a whole."""
    if len(text.encode()) <= longest:
        return text
    return text.encode()[: longest - len("…".encode())].decode(errors="ignore") + "…"


def _refusal(reply: httpx.Response) -> str:
    """Empty if the service says itself that it took it."""
    if not reply.is_success:
        return f"it answered {reply.status_code}"
    try:
        said = reply.json()
    except ValueError:
        said = None
    if not isinstance(said, dict):
        return "its answer is none of this service's"
    code = next((said[name] for name in ("errcode", "code", "StatusCode") if name in said), None)
    if code == 0:
        return ""
    return f"{said.get('errmsg') or said.get('msg') or 'no reason'} ({code})"
