"""Signing in and out with a browser: the cookie, its life, and other sites' attempts to use it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from app.clock import now
from app.models import BrowserSession
from tests.app.front_door import BASE, PASSWORD, House, house

TOKEN_BODY = {"name": "x"}


def _sign_in(client: TestClient, name: str = "ada", password: str = PASSWORD):
    return client.post("/api/session", json={"name": name, "password": password})


def test_cookie_is_out_of_reach_of_scripts_and_other_sites(home: House, admin: str) -> None:
    cookie = _sign_in(home.client).headers["set-cookie"].lower()
    assert cookie.startswith("proteinx_session=px_c_")
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "path=/" in cookie
    assert "secure" not in cookie


def test_over_tls_the_cookie_is_secure_and_bound_to_the_host(home: House, admin: str) -> None:
    with_tls = TestClient(home.app, base_url="https://master.lan")
    cookie = _sign_in(with_tls).headers["set-cookie"]
    assert cookie.startswith("__Host-proteinx_session=")
    assert "Secure" in cookie
    assert "Domain" not in cookie
    assert with_tls.get("/api/session").status_code == 200


def test_a_cookie_planted_over_plain_http_is_ignored_over_tls(home: House, admin: str) -> None:
    cookie = home.sign_in("ada")
    with_tls = TestClient(home.app, base_url="https://master.lan")
    assert with_tls.get("/api/session", headers={"Cookie": cookie}).status_code == 401


@pytest.mark.parametrize(("name", "password"), [("ada", "wrong"), ("nobody", PASSWORD), ("", ""), ("ada", "")])
def test_bad_credentials_are_all_answered_alike(home: House, admin: str, name: str, password: str) -> None:
    reply = _sign_in(home.client, name, password)
    assert (reply.status_code, reply.json()["error"]) == (401, "bad_credentials")
    assert "set-cookie" not in reply.headers


def test_five_wrong_passwords_close_the_door_for_that_name_and_client(home: House, admin: str) -> None:
    codes = [_sign_in(home.client, "ada", "wrong").status_code for _ in range(5)]
    assert codes == [401] * 5
    refused = _sign_in(home.client)
    assert (refused.status_code, refused.json()["error"]) == (429, "too_many_tries")
    assert int(refused.headers["retry-after"]) >= 1


def test_right_passwords_never_close_it(home: House, admin: str) -> None:
    assert [_sign_in(home.client).status_code for _ in range(8)] == [200] * 8


def test_sign_out_ends_the_session_on_the_server(home: House, admin: str) -> None:
    cookie = home.sign_in("ada")
    headers = {"Cookie": cookie, "Origin": BASE}
    assert home.client.delete("/api/session", headers=headers).status_code == 204
    assert home.client.get("/api/session", headers=headers).status_code == 401


def _age(home: House, **values: object) -> None:
    with home.app.state.master.db.write() as session:
        session.execute(update(BrowserSession).values(**values))


def test_session_ends_after_twelve_idle_hours(home: House, admin: str) -> None:
    cookie = home.sign_in("ada")
    _age(home, last_seen_at=now() - timedelta(hours=11, minutes=59))
    assert home.client.get("/api/session", headers={"Cookie": cookie}).status_code == 200
    _age(home, last_seen_at=now() - timedelta(hours=12, minutes=1))
    assert home.client.get("/api/session", headers={"Cookie": cookie}).status_code == 401


def test_session_ends_after_seven_days_however_busy(home: House, admin: str) -> None:
    cookie = home.sign_in("ada")
    _age(home, expires_at=now() - timedelta(seconds=1))
    assert home.client.get("/api/session", headers={"Cookie": cookie}).status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://master.lan:9999"},
        {"Origin": "http://master.lan:8000.evil.example"},
        {"Origin": BASE, "Sec-Fetch-Site": "cross-site"},
        {"Origin": BASE, "Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_another_site_cannot_use_the_cookie(home: House, admin: str, headers: dict[str, str]) -> None:
    cookie = home.sign_in("ada")
    reply = home.client.post("/api/tokens", json=TOKEN_BODY, headers={"Cookie": cookie, **headers})
    assert (reply.status_code, reply.json()["error"]) == (403, "cross_site")


@pytest.mark.parametrize(
    "headers", [{"Origin": BASE}, {"Sec-Fetch-Site": "same-origin"}, {"Origin": BASE, "Sec-Fetch-Site": "same-origin"}]
)
def test_our_own_pages_can(home: House, admin: str, headers: dict[str, str]) -> None:
    cookie = home.sign_in("ada")
    assert home.client.post("/api/tokens", json=TOKEN_BODY, headers={"Cookie": cookie, **headers}).status_code == 201


@pytest.fixture
def behind_proxy(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path, trusted_proxies=["10.0.0.0/8"]) as made:
        yield made


def test_forwarded_headers_count_only_from_trusted_proxies(behind_proxy: House) -> None:
    admin = behind_proxy.set_up()
    forwarded = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
    body = {"name": "ada", "password": "wrong"}
    trusted = TestClient(behind_proxy.app, base_url=BASE, client=("10.1.2.3", 1), headers=forwarded)
    stranger = TestClient(behind_proxy.app, base_url=BASE, client=("192.0.2.1", 1), headers=forwarded)
    trusted.post("/api/session", json=body)
    stranger.post("/api/session", json=body)
    clients = [item["client"] for item in behind_proxy.audit(admin) if item["action"] == "session.refuse"]
    assert clients == ["192.0.2.1", "203.0.113.9"]
    assert _sign_in(trusted).headers["set-cookie"].startswith("__Host-")
    assert _sign_in(stranger).headers["set-cookie"].startswith("proteinx_session=")
