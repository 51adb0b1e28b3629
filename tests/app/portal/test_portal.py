"""The built portal at `/`: for everybody, with a policy, and in nobody's way."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.portal.files import is_portal_path
from tests.app.front_door import House, bearer, house

INDEX = b"<!doctype html><title>portal</title>"
SCRIPT = b"console.log('portal')" * 100


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("portal") / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / ".vite").mkdir()
    (folder / ".vite" / "manifest.json").write_text("{}")
    (folder / "index.html").write_bytes(INDEX)
    (folder / "favicon.svg").write_text("<svg/>")
    (folder / "assets" / "main-abc123.js").write_bytes(SCRIPT)
    (folder / "assets" / "main-abc123.js.gz").write_bytes(gzip.compress(SCRIPT))
    (folder.parent / "secret.txt").write_text("secret")
    return folder


@pytest.fixture(scope="module")
def home(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("home"), portal=dist) as made:
        yield made


@pytest.mark.parametrize("path", ["/", "/jobs", "/jobs/abc?tab=logs", "/data/my.set", "/models/版本", "/sign-in"])
def test_every_page_is_the_one_page(home: House, path: str) -> None:
    reply = home.client.get(path, headers={"Accept": "text/html"})
    assert (reply.status_code, reply.content) == (200, INDEX)
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert reply.headers["cache-control"] == "no-cache"
    policy = reply.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-eval" not in policy
    assert "script-src 'self';" in policy
    assert reply.headers["x-frame-options"] == "DENY"
    assert reply.headers["x-content-type-options"] == "nosniff"


def test_a_file_with_a_hash_is_kept_for_ever(home: House) -> None:
    reply = home.client.get("/assets/main-abc123.js", headers={"Accept-Encoding": "identity"})
    assert (reply.status_code, reply.content) == (200, SCRIPT)
    assert reply.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert reply.headers["content-type"].startswith("text/javascript")


def test_files_go_out_compressed_where_that_is_understood(home: House) -> None:
    reply = home.client.get("/assets/main-abc123.js", headers={"Accept-Encoding": "gzip"})
    assert reply.headers["content-encoding"] == "gzip"
    assert reply.content == SCRIPT
    assert int(reply.headers["content-length"]) < len(SCRIPT)


@pytest.mark.parametrize("path", ["/assets/gone-000.js", "/robots.txt", "/assets/main-abc123.js.gz"])
def test_a_file_that_is_not_there_is_not_the_page(home: House, path: str) -> None:
    assert home.client.get(path, headers={"Accept": "text/html"}).status_code == 404


@pytest.mark.parametrize(
    "path", ["/../secret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt", "/.vite/manifest.json"]
)
def test_nothing_but_the_portal_is_served(home: House, path: str) -> None:
    reply = home.client.get(path)
    assert "secret" not in reply.text
    assert reply.text != "{}"


def test_the_rest_stays_behind_the_gate(home: House) -> None:
    for path in ("/api/jobs", "/api", "/api/", "/mlflow/", "/docs", "/openapi.json", "/metrics"):
        assert home.client.get(path).status_code == 401, path
    for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
        assert home.client.request(method, "/jobs").status_code == 401, method
    assert home.client.get("/api/health").status_code == 200


def test_what_the_api_does_not_know_is_no_page(home: House) -> None:
    admin = home.set_up()
    reply = home.client.get("/api/nothing", headers=bearer(admin))
    assert (reply.status_code, reply.json()["error"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("path", "ours"),
    [
        ("/", True),
        ("/jobs", True),
        ("/apis", True),
        ("/api", False),
        ("/mlflow/x", False),
        ("//api/x", False),
        ("/jobs//x", False),
        ("api", False),
    ],
)
def test_whose_address_it_is(path: str, ours: bool) -> None:
    assert is_portal_path(path) is ours


def test_without_a_build_the_page_says_so_and_why(tmp_path: Path) -> None:
    dist = tmp_path / "dist"
    with house(tmp_path / "home", portal=dist) as home:
        assert home.client.get("/", headers={"Accept": "text/html"}).status_code == 401
        admin = home.set_up()
        assert "./px portal build" in home.client.get("/", headers=bearer(admin)).text
        (tmp_path / "dist.failed").write_text("npm <is> away")
        reply = home.client.get("/", headers=bearer(admin))
        assert "npm &lt;is&gt; away" in reply.text
        assert home.client.get("/jobs", headers=bearer(admin)).status_code == 404


def test_a_build_shows_without_a_restart(tmp_path: Path) -> None:
    dist = tmp_path / "dist"
    with house(tmp_path / "home", portal=dist) as home:
        assert home.client.get("/").status_code == 401
        dist.mkdir()
        (dist / "index.html").write_bytes(INDEX)
        assert home.client.get("/").content == INDEX
