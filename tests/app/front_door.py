"""The real application on temporary folders, entered through its front door: what tests of access use."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.accounts import setup
from app.main import create_app
from app.settings import Settings

BASE = "http://master.lan:8000"
PASSWORD = "correct horse battery"


@dataclass
class House:
    app: FastAPI
    client: TestClient
    """Without cookies of its own; each test says who asks."""
    state: Path

    @property
    def setup_token(self) -> str:
        return (self.state / setup.FILE).read_text()

    def set_up(self, name: str = "ada") -> str:
        """Makes the first admin; returns an API token of theirs."""
        body = {"setup_token": self.setup_token, "name": name, "password": PASSWORD}
        reply = self.client.post("/api/setup", json=body)
        assert reply.status_code == 201, reply.text
        return self._token_by_cookie()

    def sign_in(self, name: str, password: str = PASSWORD) -> str:
        """Returns the session's cookie, as a header's value."""
        reply = self.client.post("/api/session", json={"name": name, "password": password})
        assert reply.status_code == 200, reply.text
        self.client.cookies.clear()
        return reply.headers["set-cookie"].partition(";")[0]

    def add(self, admin: str, name: str, role: str = "member") -> str:
        """Another person; returns an API token of theirs."""
        body = {"name": name, "password": PASSWORD, "role": role}
        reply = self.client.post("/api/users", json=body, headers=bearer(admin))
        assert reply.status_code == 201, reply.text
        assert self.client.post("/api/session", json={"name": name, "password": PASSWORD}).status_code == 200
        return self._token_by_cookie()

    def audit(self, admin: str) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.client.get("/api/audit", headers=bearer(admin)).json()["items"]
        return items

    def _token_by_cookie(self) -> str:
        reply = self.client.post("/api/tokens", json={"name": "test"}, headers={"Origin": BASE})
        assert reply.status_code == 201, reply.text
        self.client.cookies.clear()
        return str(reply.json()["token"])


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@contextmanager
def house(home: Path, **settings: Any) -> Iterator[House]:
    made = Settings(home=home, scheduler=False, _env_file=None, **{"portal": home / "no-portal", **settings})
    app = create_app(made)
    with TestClient(app, base_url=BASE, raise_server_exceptions=False, follow_redirects=False) as client:
        yield House(app, client, made.state)
