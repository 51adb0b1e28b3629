"""People, roles and tokens."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from app.clock import now
from app.models import ApiToken
from tests.app.front_door import BASE, PASSWORD, House, bearer


def _id(home: House, token: str) -> str:
    return str(home.client.get("/api/session", headers=bearer(token)).json()["id"])


def test_admin_adds_people_who_can_sign_in(home: House, admin: str) -> None:
    token = home.add(admin, "bo", "viewer")
    assert home.client.get("/api/session", headers=bearer(token)).json()["role"] == "viewer"


@pytest.mark.parametrize("name", ["ada", "ADA"])
def test_names_are_taken_once(home: House, admin: str, name: str) -> None:
    body = {"name": name, "password": PASSWORD}
    reply = home.client.post("/api/users", json=body, headers=bearer(admin))
    assert (reply.status_code, reply.json()["field"]) == (409, "name")


@pytest.mark.parametrize("body", [{"name": "a b", "password": PASSWORD}, {"name": "bo", "password": "short"}])
def test_bad_names_and_short_passwords_are_refused(home: House, admin: str, body: dict[str, str]) -> None:
    assert home.client.post("/api/users", json=body, headers=bearer(admin)).status_code == 422


def test_members_administer_nobody(home: House, admin: str) -> None:
    member = home.add(admin, "bo")
    assert home.client.get("/api/users", headers=bearer(member)).status_code == 403
    body = {"name": "eve", "password": PASSWORD, "role": "admin"}
    assert home.client.post("/api/users", json=body, headers=bearer(member)).status_code == 403
    own = f"/api/users/{_id(home, member)}"
    assert home.client.patch(own, json={"role": "admin"}, headers=bearer(member)).status_code == 403
    other = f"/api/users/{_id(home, admin)}"
    assert home.client.patch(other, json={"password": "a new password"}, headers=bearer(member)).status_code == 403


@pytest.mark.parametrize("change", [{"disabled": True}, {"role": "member"}, {"role": "viewer"}])
def test_last_admin_stays(home: House, admin: str, change: dict[str, object]) -> None:
    url = f"/api/users/{_id(home, admin)}"
    reply = home.client.patch(url, json=change, headers=bearer(admin))
    assert (reply.status_code, reply.json()["error"]) == (409, "last_admin")
    home.add(admin, "bo", "admin")
    assert home.client.patch(url, json=change, headers=bearer(admin)).status_code == 200


def test_a_disabled_admin_does_not_count_as_another_one(home: House, admin: str) -> None:
    other = f"/api/users/{_id(home, home.add(admin, 'bo', 'admin'))}"
    assert home.client.patch(other, json={"disabled": True}, headers=bearer(admin)).status_code == 200
    own = f"/api/users/{_id(home, admin)}"
    assert home.client.patch(own, json={"role": "member"}, headers=bearer(admin)).status_code == 409


def test_disabling_ends_sessions_and_tokens_at_once(home: House, admin: str) -> None:
    token = home.add(admin, "bo")
    cookie = home.sign_in("bo")
    url = f"/api/users/{_id(home, token)}"
    assert home.client.patch(url, json={"disabled": True}, headers=bearer(admin)).status_code == 200
    assert home.client.get("/api/session", headers=bearer(token)).status_code == 401
    assert home.client.get("/api/session", headers={"Cookie": cookie}).status_code == 401
    body = {"name": "bo", "password": PASSWORD}
    assert home.client.post("/api/session", json=body).status_code == 401


def test_own_password_needs_the_present_one_and_ends_other_sessions(home: House, admin: str) -> None:
    token = home.add(admin, "bo")
    here, elsewhere = home.sign_in("bo"), home.sign_in("bo")
    url, headers = f"/api/users/{_id(home, token)}", {"Cookie": here, "Origin": BASE}
    wrong = {"password": "a new password", "current_password": "guess"}
    assert home.client.patch(url, json=wrong, headers=headers).json()["error"] == "wrong_password"
    right = {"password": "a new password", "current_password": PASSWORD}
    assert home.client.patch(url, json=right, headers=headers).status_code == 200
    assert home.client.get("/api/session", headers={"Cookie": here}).status_code == 200
    assert home.client.get("/api/session", headers={"Cookie": elsewhere}).status_code == 401
    home.sign_in("bo", "a new password")


def test_tokens_are_shown_once_and_listed_without_secret(home: House, admin: str) -> None:
    reply = home.client.post("/api/tokens", json={"name": "laptop", "days": 7}, headers=bearer(admin)).json()
    listed = home.client.get("/api/tokens", headers=bearer(admin))
    assert reply["token"] not in listed.text
    assert {"laptop", "test"} <= {item["name"] for item in listed.json()}


def test_revoked_token_is_refused_from_the_next_request_on(home: House, admin: str) -> None:
    made = home.client.post("/api/tokens", json={"name": "laptop"}, headers=bearer(admin)).json()
    assert home.client.get("/api/session", headers=bearer(made["token"])).status_code == 200
    assert home.client.delete(f"/api/tokens/{made['id']}", headers=bearer(admin)).status_code == 204
    assert home.client.get("/api/session", headers=bearer(made["token"])).json()["error"] == "bad_token"


def test_tokens_run_out(home: House, admin: str) -> None:
    with home.app.state.master.db.write() as session:
        session.execute(update(ApiToken).values(expires_at=now() - timedelta(seconds=1)))
    assert home.client.get("/api/session", headers=bearer(admin)).status_code == 401


def test_other_peoples_tokens_are_neither_seen_nor_revoked(home: House, admin: str) -> None:
    member = home.add(admin, "bo")
    own = home.client.get("/api/tokens", headers=bearer(member)).json()
    assert {item["owner"] for item in own} == {"bo"}
    theirs = home.client.get("/api/tokens", headers=bearer(admin)).json()
    foreign = next(item["id"] for item in theirs if item["owner"] == "ada")
    assert home.client.delete(f"/api/tokens/{foreign}", headers=bearer(member)).status_code == 404
    assert home.client.get("/api/session", headers=bearer(admin)).status_code == 200


def test_use_of_a_token_is_noted_at_most_once_a_minute(home: House, admin: str) -> None:
    def noted() -> object:
        with home.app.state.master.db.read() as session:
            return session.query(ApiToken.last_used_at).scalar()

    home.client.get("/api/session", headers=bearer(admin))
    first = noted()
    assert first is not None
    home.client.get("/api/session", headers=bearer(admin))
    assert noted() == first


def test_join_tokens_are_an_admins_to_make_and_only_register_nodes(home: House, admin: str) -> None:
    member = home.add(admin, "bo")
    assert home.client.post("/api/join-tokens", json={}, headers=bearer(member)).status_code == 403
    made = home.client.post("/api/join-tokens", json={"uses": 2}, headers=bearer(admin)).json()
    assert made["command"] == f"PROTEINX_TOKEN={made['token']} ./px worker join {BASE}"
    for path in ("/api/session", "/api/jobs", "/api/nodes", "/mlflow/"):
        assert home.client.get(path, headers=bearer(made["token"])).json()["error"] == "join_only"


def test_audit_tells_who_did_what_and_is_for_admins(home: House, admin: str) -> None:
    member = home.add(admin, "bo")
    home.client.post("/api/session", json={"name": "bo", "password": "wrong"})
    assert home.client.get("/api/audit", headers=bearer(member)).status_code == 403
    seen = [(item["actor"], item["action"]) for item in reversed(home.audit(admin))]
    assert seen == [
        ("user:ada", "setup"),
        ("user:ada", "token.create"),
        ("user:ada", "user.create"),
        ("user:bo", "session.open"),
        ("user:bo", "token.create"),
        ("user:bo", "session.refuse"),
    ]


def test_audit_pages(home: House, admin: str) -> None:
    for number in range(5):
        home.client.post("/api/tokens", json={"name": f"t{number}"}, headers=bearer(admin))
    seen: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        query = {"limit": "3", **({"cursor": cursor} if cursor else {})}
        page = home.client.get("/api/audit", params=query, headers=bearer(admin)).json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next"]
    assert seen == sorted(set(seen), reverse=True)
    assert len(seen) == 7
    assert home.client.get("/api/audit?cursor=x", headers=bearer(admin)).status_code == 400
