"""Health for everybody, figures for people."""

from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from tests.app.front_door import House, bearer, house


def _values(home: House, token: str) -> dict[str, dict[tuple[str, ...], float]]:
    reply = home.client.get("/metrics", headers=bearer(token))
    assert reply.status_code == 200
    families = text_string_to_metric_families(reply.text)
    return {
        sample.name: {
            tuple(other.labels.values()): other.value for other in family.samples if other.name == sample.name
        }
        for family in families
        for sample in family.samples
    }


def test_metrics_tell_of_jobs_nodes_gpus_and_requests(tmp_path: Path) -> None:
    with house(tmp_path, workdir=tmp_path / "data") as home:
        admin = home.set_up()
        home.client.get(f"/api/jobs/{'a' * 32}", headers=bearer(admin))
        home.client.get("/secret-path-of-somebody")
        seen = _values(home, admin)
    assert seen["proteinx_jobs"][("pending",)] == 0
    assert seen["proteinx_nodes"] == {("online",): 0, ("suspect",): 0, ("lost",): 0}
    assert seen["proteinx_gpus_used"] == {(): 0}
    assert seen["proteinx_gpus_free"] == {(): 0}
    assert seen["proteinx_log_bytes_total"] == {(): 0}
    assert seen["proteinx_workdir_free_bytes"][()] > 0
    counts = seen["proteinx_http_seconds_count"]
    assert counts[("POST", "/api/setup", "2xx")] == 1
    assert counts[("GET", "/api/jobs/{job_id}", "4xx")] == 1
    assert counts[("GET", "none", "4xx")] == 1


def test_health_is_public_and_tells_no_secrets(tmp_path: Path) -> None:
    with house(tmp_path) as home:
        reply = home.client.get("/api/health")
        assert reply.status_code == 200
        assert reply.json()["parts"]["database"] == "ok"
        assert reply.json()["parts"]["workdir"] == "not set"
        assert str(tmp_path) not in reply.text
        assert home.client.head("/api/health").status_code == 200


def test_a_lost_workdir_is_said(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with house(tmp_path, workdir=data) as home:
        data.rename(tmp_path / "gone")
        health = home.client.get("/api/health").json()
        assert health["status"] == "degraded"
        assert health["parts"]["workdir"] == "the folder is gone; mount its disk again"
        (tmp_path / "gone").rename(data)
