"""The first run: whoever has the server's console becomes the first admin, once, and nobody else does."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.app.front_door import PASSWORD, House, bearer, house


def _body(token: str, name: str = "ada") -> dict[str, str]:
    return {"setup_token": token, "name": name, "password": PASSWORD}


def test_health_says_that_setup_is_required(home: House) -> None:
    assert home.client.get("/api/health").json()["setup_required"] is True
    home.set_up()
    assert home.client.get("/api/health").json()["setup_required"] is False


def test_token_is_private_printed_and_gone_after_use(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with house(tmp_path) as made:
        path = made.state / "setup-token"
        token = path.read_text()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(made.state.stat().st_mode) == 0o700
        assert token in capfd.readouterr().out
        made.set_up()
        assert not path.exists()


def test_restart_keeps_the_token_until_it_is_used(tmp_path: Path) -> None:
    with house(tmp_path) as first:
        token = first.setup_token
    with house(tmp_path) as second:
        assert second.setup_token == token


def test_setup_signs_in_as_admin(home: House) -> None:
    reply = home.client.post("/api/setup", json=_body(home.setup_token))
    assert reply.status_code == 201
    assert reply.json()["role"] == "admin"
    assert home.client.get("/api/session").json()["name"] == "ada"


def test_wrong_token_makes_nobody(home: House) -> None:
    reply = home.client.post("/api/setup", json=_body("px_s_0000000000000000_" + "0" * 64))
    assert (reply.status_code, reply.json()["error"]) == (401, "bad_setup_token")
    assert home.client.get("/api/health").json()["setup_required"] is True


def test_second_setup_is_refused_even_with_the_token(home: House) -> None:
    token = home.setup_token
    home.set_up()
    reply = home.client.post("/api/setup", json=_body(token, "eve"))
    assert (reply.status_code, reply.json()["error"]) == (409, "already_set_up")


def test_a_token_file_left_behind_is_no_way_in(tmp_path: Path) -> None:
    with house(tmp_path) as first:
        token = first.setup_token
        first.set_up()
    (tmp_path / "state" / "setup-token").write_text(token)
    with house(tmp_path) as second:
        assert not (second.state / "setup-token").exists()
        assert second.client.post("/api/setup", json=_body(token, "eve")).status_code == 409


def test_two_at_once_make_one_admin(home: House) -> None:
    token = home.setup_token
    with ThreadPoolExecutor(4) as pool:
        replies = pool.map(
            lambda n: home.client.post("/api/setup", json=_body(token, f"user{n}")).status_code, range(4)
        )
        assert sorted(replies) == [201, 409, 409, 409]


def test_guessing_is_slowed_down(home: House) -> None:
    codes = [home.client.post("/api/setup", json=_body("wrong")).status_code for _ in range(6)]
    assert codes == [401] * 5 + [429]


def test_first_admin_is_audited_without_the_secret(home: House) -> None:
    token = home.setup_token
    admin = home.set_up()
    entries = home.client.get("/api/audit", headers=bearer(admin))
    assert "setup" in [item["action"] for item in entries.json()["items"]]
    assert token not in entries.text
