"""What passes the proxy at all, and how: paths, headers, streams, MLflow's own routes."""

import hashlib
import http.client
import logging
import os
import re
from urllib.parse import urlsplit

import httpx
import pytest

from app.tracking import routes
from app.tracking.routes import ROUTES
from tests.app.tracking.conftest import PASSWORD, Served, wait_for

TRICKS = [
    "/mlflow/../api/users",
    "/mlflow/..%2fapi%2fusers",
    "/mlflow/%2e%2e/api/users",
    "/mlflow/static-files/../../secrets",
    "/mlflow/static-files/%2e%2e/%2e%2e/secrets",
    "/mlflow/static-files/..%5c..%5csecrets",
    "/mlflow/static-files/%252e%252e/x",
    "/mlflow/static-files/x%00.js",
    "/mlflow//static-files/x",
    "/mlflow/api/2.0/mlflow//runs/get",
    "/mlflow/api/2.0/./mlflow/runs/get",
    "/mlflow/api/2.0/mlflow-artifacts/artifacts/{run}/artifacts/../../{other}/artifacts/x.txt",
    "/mlflow/api/2.0/mlflow-artifacts/artifacts/{run}/artifacts/%2e%2e/%2e%2e/{other}/artifacts/x.txt",
    "/mlflow/api/2.0/mlflow-artifacts/artifacts/{run}/artifacts/..%2f..%2f{other}/artifacts/x.txt",
    "/mlflow/api/2.0/mlflow-artifacts/artifacts/{run}/artifacts/%252e%252e/{other}/artifacts/x.txt",
    "/mlflow/api/2.0/mlflow-artifacts/artifacts/{run}/artifacts//etc/passwd",
    "/mlflow/api/2.0/mlflow-artifacts/artifacts/{run}/artifacts/x\\..\\y",
    "/mlflow/api/2.0/mlflow-artifacts/artifacts/{run}/artifacts/%ff%fe",
]


def _raw(served: Served, method: str, path: str, who: str, body: bytes | None = None) -> tuple[int, bytes]:
    """Sends the path exactly as written, which friendlier clients would tidy first."""
    connection = http.client.HTTPConnection(urlsplit(served.url).netloc, timeout=60)
    connection.putrequest(method, path, skip_host=True)
    headers = {"Host": urlsplit(served.url).netloc, "Authorization": f"Bearer {served.tokens.get(who, who)}"}
    for name, value in {**headers, **({"Content-Length": str(len(body))} if body else {})}.items():
        connection.putheader(name, value)
    connection.endheaders(body)
    reply = connection.getresponse()
    answer = reply.status, reply.read()
    connection.close()
    return answer


@pytest.mark.parametrize("trick", TRICKS)
def test_no_path_is_read_in_two_ways(served: Served, trick: str) -> None:
    run, other = served.run("bo"), served.run("cy")
    path = trick.format(run=run, other=other)
    for method in ("GET", "PUT"):
        status, body = _raw(served, method, path, "bo", b"x" if method == "PUT" else None)
        assert status in (400, 404), f"{method} {path}: {status} {body!r}"
    assert not list((served.workdir / "artifacts").glob(f"**/{other}/artifacts/x.txt"))


CLOSED = [
    ("GET", "/mlflow/api/2.0/mlflow/webhooks"),
    ("POST", "/mlflow/api/2.0/mlflow/webhooks"),
    ("POST", "/mlflow/ajax-api/2.0/mlflow/gateway-proxy"),
    ("GET", "/mlflow/ajax-api/3.0/mlflow/gateway/secrets/list"),
    ("POST", "/mlflow/ajax-api/3.0/mlflow/gateway/endpoints/create"),
    ("POST", "/mlflow/gateway/x/mlflow/invocations"),
    ("POST", "/mlflow/ajax-api/3.0/mlflow/jobs/"),
    ("POST", "/mlflow/ajax-api/3.0/mlflow/scorer/invoke"),
    ("POST", "/mlflow/ajax-api/3.0/mlflow/assistant/message"),
    ("POST", "/mlflow/api/2.0/mlflow/artifacts/presigned-upload-url"),
    ("POST", "/mlflow/api/2.0/mlflow-artifacts/mpu/create/x"),
    ("GET", "/mlflow/graphql"),
    ("POST", "/mlflow/v1/traces"),
    ("POST", "/mlflow/api/3.0/mlflow/traces"),
    ("POST", "/mlflow/ajax-api/3.0/mlflow/demo/generate"),
    ("GET", "/mlflow/metrics"),
    ("GET", "/mlflow/docs"),
    ("GET", "/mlflow/api/2.0/mlflow/users/list"),
]


@pytest.mark.parametrize(("method", "path"), CLOSED)
def test_what_is_not_listed_is_closed_even_to_admins(served: Served, method: str, path: str) -> None:
    assert served.call("ada", method, path).status_code == 404


def test_every_open_route_exists_in_mlflow(served: Served) -> None:
    """So that an upgrade of MLflow that moves a route is noticed here."""
    run_id = served.run("bo")
    for route in ROUTES:
        path = _example(route.pattern.pattern, run_id)
        assert routes.find(sorted(route.methods - {"HEAD"})[0], path)[0] is not None
        for method in sorted(route.methods - {"HEAD", "DELETE"}):
            reply = served.call("ada", method, f"/mlflow{path}", json={} if method != "GET" else None)
            body = reply.text
            known = reply.status_code != 404 or "RESOURCE_DOES_NOT_EXIST" in body or "static-files" in path
            assert known, f"{method} {path}: {reply.status_code} {body[:200]}"
            assert reply.status_code != 405, f"{method} {path}"


def _example(pattern: str, run_id: str) -> str:
    path = pattern.replace("(?:ajax-)?", "ajax-").replace("\\", "")
    path = re.sub(r"\(\?P<artifact_path>[^)]*\)", f"0/{run_id}/artifacts/none.txt", path)
    path = re.sub(r"\(\?P<model_id>[^)]*\)", "m-" + "0" * 32, path)
    return re.sub(r"\(\?P<\w+>[^)]*\)", "x", path)


UI_CALLS = [
    ("GET", "/mlflow/"),
    ("GET", "/mlflow/ajax-api/3.0/mlflow/server-info"),
    ("POST", "/mlflow/ajax-api/2.0/mlflow/experiments/search"),
    ("POST", "/mlflow/ajax-api/2.0/mlflow/runs/search"),
    ("POST", "/mlflow/ajax-api/2.0/mlflow/logged-models/search"),
    ("GET", "/mlflow/ajax-api/2.0/mlflow/registered-models/search"),
    ("GET", "/mlflow/ajax-api/2.0/mlflow/model-versions/search"),
    ("POST", "/mlflow/ajax-api/3.0/mlflow/traces/search"),
]


@pytest.mark.parametrize(("method", "path"), UI_CALLS)
def test_the_uis_pages_get_what_they_read(served: Served, method: str, path: str) -> None:
    body = {"experiment_ids": ["0"], "max_results": 5} if method == "POST" else None
    if path.endswith("traces/search"):
        body = {"locations": [{"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": "0"}}]}
    if path.endswith("experiments/search"):
        body = {"max_results": 5}
    assert served.call("vi", method, path, json=body).status_code == 200


def test_the_ui_loads_with_all_its_files(served: Served) -> None:
    page = served.call("vi", "GET", "/mlflow/").text
    files = re.findall(r'(?:src|href)="\.?/?(static-files/[^"]+)"', page)
    assert files
    for file in files:
        assert served.call("vi", "GET", f"/mlflow/{file}").status_code == 200, file
    redirect = served.call("vi", "GET", "/mlflow")
    assert (redirect.status_code, redirect.headers["location"]) == (308, "/mlflow/")


def test_the_ui_asks_by_cookie_from_another_machines_address(served: Served) -> None:
    """MLflow itself would refuse the Origin header that a browser sends."""
    host = "gpu-master.lan:8000"
    headers = {"Host": host, "Origin": f"http://{host}"}
    with httpx.Client(base_url=served.url, headers=headers) as client:
        reply = client.post("/api/session", json={"name": "bo", "password": PASSWORD})
        cookie = {"Cookie": reply.headers["set-cookie"].partition(";")[0]}
        search = "/mlflow/ajax-api/2.0/mlflow/runs/search"
        body = {"experiment_ids": ["0"]}
        assert client.post(search, json=body, headers=cookie).status_code == 200
        foreign = {**cookie, "Origin": "http://evil.example"}
        assert client.post(search, json=body, headers=foreign).json()["error"] == "cross_site"


def test_graphql_reads(served: Served) -> None:
    run_id = served.run("bo")
    query = "query GetRun($data: MlflowGetRunInput!) { mlflowGetRun(input: $data) { run { info { runId } } } }"
    body = {"operationName": "GetRun", "query": query, "variables": {"data": {"runId": run_id}}}
    reply = served.call("vi", "POST", "/mlflow/graphql", json=body)
    assert reply.json()["data"]["mlflowGetRun"]["run"]["info"]["runId"] == run_id


def test_big_artifacts_stream_both_ways(served: Served) -> None:
    run_id = served.run("bo")
    block = os.urandom(1024 * 1024)
    count = 24
    path = f"/mlflow/api/2.0/mlflow-artifacts/artifacts/0/{run_id}/artifacts/big dir/模型 1.bin"
    length = {"Content-Length": str(len(block) * count)}
    sent = served.call("bo", "PUT", path, content=(block for _ in range(count)), headers=length)
    assert sent.status_code == 200, sent.text
    digest = hashlib.sha256(block * count).hexdigest()
    got = served.call("bo", "GET", path)
    assert got.headers["content-length"] == str(len(block) * count)
    assert hashlib.sha256(got.content).hexdigest() == digest
    part = served.call("bo", "GET", path, headers={"Range": "bytes=5-9"})
    assert (part.status_code, part.content) == (206, block[5:10])


def test_a_torn_upload_leaves_nothing(served: Served) -> None:
    run_id = served.run("bo")
    path = f"/mlflow/api/2.0/mlflow-artifacts/artifacts/0/{run_id}/artifacts/torn.bin"
    connection = http.client.HTTPConnection(urlsplit(served.url).netloc)
    connection.putrequest("PUT", path)
    connection.putheader("Authorization", f"Bearer {served.tokens['bo']}")
    connection.putheader("Content-Length", "1000000")
    connection.endheaders(b"x" * 500_000)
    folder = served.workdir / "artifacts" / "0" / run_id / "artifacts"
    wait_for("the upload's beginning", condition=lambda: folder.is_dir() and any(folder.iterdir()))
    connection.close()
    wait_for("the clearing away", condition=lambda: not any(folder.iterdir()))
    assert served.call("bo", "GET", path).status_code == 404


@pytest.mark.parametrize("name", ["page.html", "picture.svg", "code.js"])
def test_no_artifact_runs_as_a_page_of_ours(served: Served, name: str) -> None:
    job_id, token = served.job("bo")
    put = f"/mlflow/api/2.0/mlflow-artifacts/artifacts/{job_id}/artifacts/{name}"
    assert served.call(token, "PUT", put, content=b"<script>alert(1)</script>").status_code == 200
    for path in (put, f"/mlflow/get-artifact?run_id={job_id}&path={name}"):
        reply = served.call("ada", "GET", path)
        assert reply.status_code == 200
        assert reply.headers["content-security-policy"].startswith("sandbox")
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert reply.headers["content-disposition"].startswith("attachment")


def test_mlflow_itself_wants_the_masters_key(served: Served) -> None:
    upstream = served.app.state.mlflow.upstream
    url = f"{upstream.url}/mlflow/api/2.0/mlflow/experiments/get?experiment_id=0"
    for headers in ({}, {"X-ProteinX-Key": "x"}, {"Authorization": f"Bearer {served.tokens['ada']}"}):
        assert httpx.get(url, headers=headers).status_code == 403
    assert httpx.get(url, headers=dict(upstream.headers)).status_code == 200
    key = upstream.headers["X-ProteinX-Key"]
    assert key not in served.call("ada", "GET", "/mlflow/version", headers={"X-ProteinX-Key": "x"}).headers.values()


def test_no_token_reaches_the_logs(served: Served) -> None:
    served.api("bo", "GET", "runs/get", params={"run_id": "0" * 32})
    logs = "".join(path.read_text() for path in (served.state / "logs").glob("*.log"))
    for token in (*served.tokens.values(), served.app.state.mlflow.upstream.headers["X-ProteinX-Key"]):
        assert token.rpartition("_")[2] not in logs


def test_the_access_log_has_no_query(capsys: pytest.CaptureFixture[str]) -> None:
    from app import access_log

    access_log.install()
    record = logging.LogRecord(
        "uvicorn.access", logging.INFO, "", 0, '%s - "%s %s HTTP/%s" %d', ("1:2", "GET", "/a?token=s", "1.1", 200), None
    )
    assert logging.getLogger("uvicorn.access").filter(record)
    assert record.getMessage() == '1:2 - "GET /a HTTP/1.1" 200'
