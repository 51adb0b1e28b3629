"""The commands against the real master, broker, MLflow and agent."""

import json
import signal
import stat
from pathlib import Path

import pytest

from proteinx.cli.exits import Exit
from tests.proteinx.cli.conftest import PASSWORD, ROOT, Px
from tests.waiting import until

ECHO = ROOT / "tests" / "proteinx" / "cli" / "echo"
CSV = "id,sequence,target\nwt,MKTAYIAK,1.0\nm1,MKTAYIAR,0.5\n"


@pytest.fixture(scope="module")
def data(px: Px) -> str:
    path = px.folder / "数据 one.csv"
    path.write_text(CSV)
    version = px.json("data", "upload", "pairs", str(path), "--sequence", "sequence", "--target", "target")
    return f"{version['dataset']}@{version['number']}"


@pytest.fixture(scope="module")
def done(px: Px, data: str) -> dict:
    """A job that has succeeded, made from a folder of code."""
    return px.json("submit", "echo", "--project-dir", str(ECHO), "--yes", "-i", f"data={data}", "--follow")


def submit(data: str, *more: str) -> list[str]:
    return ["submit", "echo", "-i", f"data={data}", *more]


def test_up_again_changes_nothing(px: Px) -> None:
    before = px.json("status")
    assert px.json("up", "--no-portal")["url"] == px.url
    after = px.json("status")
    assert after["health"]["status"] == "ok"
    for part in ("master", "worker"):
        assert after[part]["pid"] == before[part]["pid"]


def test_status_is_for_people_too(px: Px) -> None:
    out, _ = px("status")
    assert px.url in out
    assert "Broker" in out


def test_sign_in_keeps_a_token_and_no_password(px: Px) -> None:
    stored = px.folder / "config" / "credentials.json"
    assert stat.S_IMODE(stored.stat().st_mode) == 0o600
    assert PASSWORD not in stored.read_text()
    assert px.json("whoami")["role"] == "admin"


def test_wrong_password_is_refused(px: Px) -> None:
    _, err = px("login", px.url, "--name", "ana", "--password-stdin", given="wrong password\n", code=Exit.CREDENTIALS)
    assert "Traceback" not in err
    assert px.json("whoami")["name"] == "ana"


def test_upload_shows_the_quality_report(px: Px, data: str) -> None:
    shown = px.json("data", "show", data)
    assert shown["version"]["rows"] == 2
    assert shown["version"]["columns"]["target"] == "target"
    assert "pairs" in px("data", "show", "pairs")[0]
    assert "pairs" in px("data", "list")[0]


def test_bad_data_is_refused_with_its_line(px: Px, tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("sequence,target\nMKTAY,1\nMK!AY,2\n")
    _, err = px("data", "upload", "bad", str(bad), code=Exit.FAILED)
    assert "3" in err
    assert "bad" not in [item["name"] for item in px.json("data", "list")]


def test_findings_are_shown_by_line_and_a_cleaned_copy_comes_down(px: Px, tmp_path: Path) -> None:
    path = ROOT / "tests/data/meltome_full_task.csv"
    px("data", "upload", "meltome", str(path))
    shown = px("data", "show", "meltome@1")[0].splitlines()
    (conflict,) = [line for line in shown if "conflicting_label" in line]
    found = px.json("data", "show", "meltome")["version"]["report"]["findings"]
    (expected,) = [one for one in found if one["code"] == "conflicting_label"]
    (lengths,) = [line for line in shown if line.startswith("Lengths")]
    assert "█" in lengths
    assert conflict.split()[:3] == ["warning", "conflicting_label", str(expected["count"])]
    assert ", ".join(map(str, expected["lines"][:10])) in conflict
    out, err = px("data", "clean", "meltome", "--to", str(tmp_path / "clean.csv"))
    assert "conflicting_label" in out
    kept = len((tmp_path / "clean.csv").read_text().splitlines()) - 1
    assert f"{kept} of 30 records were kept" in err
    px("data", "download", "meltome@1", "--to", str(tmp_path / "whole.csv"))
    assert (tmp_path / "whole.csv").read_bytes() == path.read_bytes()


def test_a_refused_file_is_cleaned_on_its_way_in(px: Px, tmp_path: Path) -> None:
    path = tmp_path / "bad.fasta"
    path.write_text(">a\nMKT\n>b\nMK1\n")
    _, err = px("data", "upload", "mended", str(path), code=Exit.FAILED)
    assert "line 4" in err
    assert "`clean`" in err
    version = px.json("data", "upload", "mended", str(path), "--clean")
    assert version["rows"] == 1
    assert version["report"]["cleaned"]["rules"] == [{"rule": "illegal_residue", "count": 1, "lines": [3]}]


def test_data_set_is_deleted(px: Px, tmp_path: Path) -> None:
    path = tmp_path / "a.fasta"
    path.write_text(">a\nMKTAYIAK\n")
    px("data", "upload", "short-lived", str(path))
    px("data", "delete", "short-lived", "--yes")
    px("data", "show", "short-lived", code=Exit.FAILED)


def test_followed_job_succeeds(done: dict) -> None:
    assert done["state"] == "succeeded"
    assert done["attempts"][0]["members"][0]["log_bytes"] > 0


def test_log_is_on_standard_output_and_moves_are_not(px: Px, data: str, done: dict) -> None:
    out, err = px(*submit(data, "--follow"))
    assert out.startswith("回声 3 lines of 数据 one.csv\n")
    assert "-- running" in err
    assert "-- succeeded" in err


def test_logs_of_an_ended_job(px: Px, done: dict) -> None:
    expected = "回声 3 lines of 数据 one.csv\n"
    assert px("logs", done["id"])[0] == expected
    assert px("logs", "-f", done["id"][:12])[0] == expected
    assert px("logs", done["id"], "--tail", "1")[0] == expected


def test_failed_job_is_exit_1_with_its_last_lines(px: Px, data: str, done: dict) -> None:
    out, err = px(*submit(data, "-P", "exit_code=3", "--follow"), code=Exit.FAILED)
    assert "-- failed" in err
    assert "回声" in err.split("Last lines")[1]
    assert "3" in out


def test_cancelled_job_is_exit_130(px: Px, data: str, done: dict, tmp_path: Path) -> None:
    follower = px.start(*submit(data, "-P", f"wait_for={tmp_path / 'never'}", "--follow", "--name", "to cancel"))
    until(lambda: _state(px, "to cancel") == "running", 60, "the job runs")
    px("cancel", "to cancel")
    follower.communicate(timeout=300)
    assert follower.returncode == Exit.INTERRUPTED
    assert _state(px, "to cancel") == "cancelled"


def test_interrupted_follower_leaves_the_job_alone(px: Px, data: str, done: dict, tmp_path: Path) -> None:
    follower = px.start(*submit(data, "-P", f"wait_for={tmp_path / 'never'}", "-f", "--name", "goes on"))
    until(lambda: _state(px, "goes on") == "running", 60, "the job runs")
    follower.send_signal(signal.SIGINT)
    _, err = follower.communicate(timeout=300)
    assert follower.returncode == Exit.INTERRUPTED
    assert "px logs -f" in err
    assert _state(px, "goes on") == "running"
    px("cancel", "goes on")


def test_retry_makes_a_job_of_the_same_code(px: Px, done: dict) -> None:
    [made] = px.json("retry", done["id"])
    assert made["parent_job"] == done["id"]
    assert made["snapshot"] == done["snapshot"]
    px("logs", "-f", made["id"])


def test_jobs_are_listed_shown_and_explained(px: Px, done: dict) -> None:
    assert done["id"] in [job["id"] for job in px.json("jobs")]
    assert done["id"][:12] in px("jobs")[0]
    assert px.json("jobs", "list", "--state", "succeeded", "--project", "echo")
    assert px.json("jobs", "show", done["id"])["id"] == done["id"]
    assert "succeeded" in px("jobs", "show", done["id"])[0]
    moves = [event["to_state"] for event in px.json("jobs", "events", done["id"]) if event["kind"] == "job"]
    assert [move for move in moves if move][-1] == "succeeded"
    assert px.json("jobs", "explain", done["id"])["state"] == "succeeded"


def test_artifacts_come_whole(px: Px, done: dict) -> None:
    listed = px.json("artifacts", "list", done["id"])
    path = next(item["path"] for item in listed if item["path"].endswith("长度.txt"))
    px("artifacts", "download", done["id"], path, "--to", "fetched")
    assert (px.folder / "fetched" / path).read_text() == "\n".join(str(len(line)) for line in CSV.splitlines())
    _, err = px("artifacts", "download", done["id"], "nothing", code=Exit.FAILED)
    assert "长度.txt" in err


def test_run_here_what_ran_there(px: Px, done: dict) -> None:
    out, err = px.in_a_process("run", "--local", done["id"], "--to", "here")
    assert "回声 3 lines of 数据 one.csv" in out
    assert "echo.py" in err
    assert (px.folder / "here" / "outputs" / "deep" / "长度.txt").exists()


def test_changed_code_runs_again_with_the_change(px: Px, done: dict) -> None:
    px("run", "--local", done["id"], "--to", "changed", "--prepare")
    script = next((px.folder / "changed" / "code").rglob("echo.py"))
    script.write_text("print('changed')")
    assert px.in_a_process("run", "--local", done["id"], "--to", "changed")[0] == "changed\n"


def test_mistyped_override_names_the_nearest(px: Px, data: str) -> None:
    _, err = px("submit", "protein", "trainer.max_epoch=3", "-i", f"data={data}", code=Exit.FAILED)
    assert "max_epochs" in err


def test_unknown_things_are_named(px: Px, data: str, done: dict) -> None:
    assert "echo" in px("submit", "ecko", code=Exit.FAILED)[1]
    assert "main" in px(*submit(data, "-e", "mian"), code=Exit.FAILED)[1]
    assert "pairs" in px("submit", "echo", "-i", "data=pears", code=Exit.FAILED)[1]
    assert "px jobs" in px("jobs", "show", "no such job", code=Exit.FAILED)[1]


def test_check_makes_no_job(px: Px, data: str, done: dict) -> None:
    before = len(px.json("jobs"))
    out, _ = px(*submit(data, "--check"))
    assert json.loads(out)["inputs"] == {"data": data}
    assert len(px.json("jobs")) == before


def test_nodes_are_drained_and_back(px: Px) -> None:
    [node] = px.json("nodes")
    assert node["health"] == "online"
    assert px.json("nodes", "drain", node["name"], "--reason", "new GPU")["state"] == "draining"
    assert "new GPU" in px("nodes")[0]
    assert px.json("nodes", "undrain", node["id"])["state"] == "active"
    assert node["name"] in px("nodes", "drain", "elsewhere", code=Exit.FAILED)[1]


def test_join_token_comes_with_its_command(px: Px) -> None:
    created = px.json("admin", "join-token", "--uses", "2")
    assert created["token"] in created["command"]
    assert px.url in created["command"]


def test_people_are_added_and_shut_out(px: Px) -> None:
    px("admin", "users", "add", "ben", "--role", "viewer", "--password-stdin", given="another long one\n")
    px("admin", "users", "set", "ben", "--role", "member")
    px("admin", "users", "set", "ben", "--disable")
    ben = next(person for person in px.json("admin", "users", "list") if person["name"] == "ben")
    assert (ben["role"], ben["disabled"]) == ("member", True)


def test_lost_password_is_reset_beside_the_running_master(px: Px) -> None:
    px("admin", "users", "add", "cleo", "--password-stdin", given="first long password\n")
    px("admin", "reset-password", "cleo", "--password-stdin", given="second long password\n")
    assert "nobody" in px("admin", "reset-password", "nobody", "--password-stdin", given="x" * 12, code=Exit.FAILED)[1]
    other = Px(px.folder / "cleo")
    other.folder.mkdir()
    other("login", px.url, "--name", "cleo", "--password-stdin", given="second long password\n")
    assert other.json("whoami")["name"] == "cleo"


def test_tokens_are_made_and_revoked(px: Px) -> None:
    created = px.json("admin", "tokens", "create", "script")
    assert created["id"] in [item["id"] for item in px.json("admin", "tokens", "list")]
    px("admin", "tokens", "revoke", created["id"])
    assert created["id"] not in [item["id"] for item in px.json("admin", "tokens", "list")]


def test_doctor_finds_all_well(px: Px) -> None:
    findings = {item["check"]: item for item in px.json("doctor")}
    for check in ("master", "database", "broker", "mlflow", "clock", "nodes", "mlflow through the proxy", "disk"):
        assert findings[check]["level"] == "ok", findings[check]


def test_logout_revokes_the_token(px: Px) -> None:
    other = Px(px.folder / "second sign-in")
    other.folder.mkdir()
    other("login", px.url, "--name", "ana", "--password-stdin", given=f"{PASSWORD}\n")
    stored = json.loads((other.folder / "config" / "credentials.json").read_text())
    other("logout")
    other("whoami", code=Exit.CREDENTIALS)
    other.environment |= {"PROTEINX_URL": px.url, "PROTEINX_TOKEN": stored["token"]}
    other("whoami", code=Exit.CREDENTIALS)


def _state(px: Px, name: str) -> str | None:
    return next((job["state"] for job in px.json("jobs") if job["name"] == name), None)


def test_nodes_are_labelled_and_quarantined(px: Px) -> None:
    [node] = px.json("nodes")
    labelled = px.json("nodes", "label", node["name"], "rack=a", "gpu=a100")
    assert labelled["own_labels"] == {"rack": "a", "gpu": "a100"}
    assert px.json("nodes", "label", node["name"], "rack=b", "gpu-")["own_labels"] == {"rack": "b"}
    assert "rack" in px("nodes", "label", node["name"])[0]
    px.json("nodes", "label", node["name"], "rack-")
    assert px.json("nodes", "quarantine", node["name"], "--reason", "ECC")["state"] == "quarantined"
    assert px.json("nodes", "undrain", node["name"])["state"] == "active"


def test_quotas_are_shown_and_set(px: Px) -> None:
    name = px.json("whoami")["name"]
    assert px.json("admin", "quota", name)[0]["own"] is False
    [view] = px.json("admin", "quota", name, "--gpus", "4", "--running", "none", "--share", "2")
    assert (view["quota"]["max_gpus"], view["quota"]["max_running"], view["quota"]["share"]) == (4, None, 2.0)
    assert px.json("admin", "quota", name, "--priority", "5")[0]["quota"]["max_gpus"] == 4, "the rest stays"
    assert "0/4" in px("admin", "quota")[0]
    assert "neither a number" in px("admin", "quota", name, "--gpus", "many", code=Exit.USAGE)[1]
    px("admin", "quota", "--gpus", "1", code=Exit.USAGE)
    assert px.json("admin", "quota", name, "--default")[0]["own"] is False
