"""A webhook: one signed POST to the very address that was looked at, without following where it points.

The receiver checks `X-ProteinX-Signature`: `sha256=` and HMAC-SHA256 of `<X-ProteinX-Timestamp>.<body>` with the key.
"""

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

import httpx

from app.notifications import guard
from app.notifications.sending import NotSent

TIMEOUT: Final = httpx.Timeout(10.0, connect=5.0)


def sign(key: str, timestamp: str, body: bytes) -> str:
    return "sha256=" + hmac.new(key.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def send(url: str, key: str, delivery: str, payload: Mapping[str, Any], *, local: bool) -> None:
    """Raises NotSent."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        ip = guard.reach(host, port, local=local)
    except guard.Refused as error:
        raise NotSent(str(error)) from error
    body = json.dumps(payload, ensure_ascii=False).encode()
    timestamp = str(int(time.time()))
    netloc = f"[{ip}]:{port}" if ":" in ip else f"{ip}:{port}"
    headers = {
        "Host": parts.netloc,
        "Content-Type": "application/json",
        "User-Agent": "ProteinX",
        "X-ProteinX-Event": str(payload["event"]),
        "X-ProteinX-Delivery": delivery,
        "X-ProteinX-Timestamp": timestamp,
        "X-ProteinX-Signature": sign(key, timestamp, body),
    }
    target = urlunsplit((parts.scheme, netloc, parts.path or "/", parts.query, ""))
    try:
        with httpx.Client(timeout=TIMEOUT, trust_env=False) as client:
            request = client.build_request("POST", target, content=body, headers=headers)
            request.extensions["sni_hostname"] = host
            reply = client.send(request, stream=True)  # what it has to say is nobody's business
            reply.close()
    except httpx.HTTPError as error:
        raise NotSent(f"{host} does not answer ({type(error).__name__})") from error
    if not reply.is_success:
        raise NotSent(f"{host} answered {reply.status_code}")
