"""The command line itself: what is listed, how fast, what wrong usage and absent masters get."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from proteinx.cli.app import COMMANDS, load, run
from proteinx.cli.exits import Exit
from tests.ports import free_port
from tests.proteinx.scripted import Answer, Scripted


@pytest.fixture(autouse=True)
def _nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROTEINX_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setenv("PROTEINX_HOME", str(tmp_path / "home"))
    for name in ("PROTEINX_URL", "PROTEINX_TOKEN"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def signed_in(scripted: Scripted, monkeypatch: pytest.MonkeyPatch) -> Scripted:
    monkeypatch.setenv("PROTEINX_URL", scripted.url)
    monkeypatch.setenv("PROTEINX_TOKEN", "px_u_1_2")
    return scripted


def in_a_process(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "proteinx.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ, timeout=120)


def test_help_lists_every_command() -> None:
    answer = in_a_process("--help")
    assert answer.returncode == 0
    for name, entry in COMMANDS.items():
        assert name in answer.stdout
        assert entry.line.split()[0] in answer.stdout


def test_help_loads_nothing_that_is_slow_to_load() -> None:
    """What makes it quick, said without a clock."""
    script = "import sys; from proteinx.cli.app import run; run(['--help']); print(*sys.modules, file=sys.stderr)"
    told = subprocess.run([sys.executable, "-P", "-c", script], capture_output=True, text=True, check=True)
    heavy = {"httpx", "pydantic", "mlflow", "sqlalchemy", "yaml", "numpy", "websockets", "asyncio"}
    assert heavy & set(told.stderr.split()) == set()


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_loads_with_its_line(name: str) -> None:
    command = load(name)
    assert command.name == name
    assert command.help.startswith(COMMANDS[name].line)


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([name, "--help"]) == Exit.OK
    assert "--help" in capsys.readouterr().out


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    import proteinx

    assert run(["--version"]) == Exit.OK
    assert capsys.readouterr().out.strip() == proteinx.__version__


@pytest.mark.parametrize(
    "arguments",
    [["submitt"], ["submit"], ["submit", "p", "--memory", "lots"], ["submit", "p", "-i", "data"], ["data", "upload"]],
)
def test_wrong_usage_is_2_and_says_what(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == Exit.USAGE
    out, err = capsys.readouterr()
    assert out == ""
    assert "Usage" in err


def test_mistyped_command_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    run(["submitt"])
    assert "submit" in capsys.readouterr().err.split("No such command")[1]


@pytest.mark.parametrize(
    "arguments",
    [
        ["whoami"],
        ["jobs"],
        ["nodes"],
        ["data", "list"],
        ["models", "list"],
        ["logs", "x"],
        ["cancel", "x"],
        ["artifacts", "list", "x"],
    ],
)
def test_without_sign_in_it_is_3(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == Exit.CREDENTIALS
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "px login" in err


def test_absent_master_is_4(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("PROTEINX_URL", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("PROTEINX_TOKEN", "px_u_1_2")
    monkeypatch.setattr(
        "proteinx.client.transport.Retry", lambda: __import__("proteinx.client.retry").client.retry.ONCE
    )
    assert run(["jobs", "--json"]) == Exit.UNREACHABLE
    out, err = capsys.readouterr()
    assert out == ""
    assert "does not answer" in err


@pytest.mark.parametrize(("status", "code"), [(401, 3), (403, 3), (404, 1), (409, 1), (422, 1), (426, 1)])
def test_refusals_show_the_sentence_and_the_code(
    signed_in: Scripted, status: int, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    signed_in.answers(Answer.error(status, "stable_code", "Do this instead."))
    assert run(["jobs"]) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert "Do this instead." in err
    assert "Traceback" not in err


def test_a_folder_in_place_of_a_projects_name_is_explained(
    signed_in: Scripted, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    signed_in.answers(Answer.error(404, "unknown_project", "There is no such project."))
    (tmp_path / "my code").mkdir()
    assert run(["submit", str(tmp_path / "my code")]) == Exit.FAILED
    assert f"--project-dir '{tmp_path}/my code'" in capsys.readouterr().err
    assert run(["submit", "nowhere"]) == Exit.FAILED
    assert "There is no such project." in capsys.readouterr().err


def test_faults_of_the_store_fail_the_command(signed_in: Scripted, capsys: pytest.CaptureFixture[str]) -> None:
    fault = {"key": "raw/数据/1/a.csv", "what": "dataset", "of": "数据@1", "state": "missing"}
    pages = {
        "next": Answer.json({"files": 2, "bytes": 10, "faults": [], "next": "raw/a"}),
        "last": Answer.json({"files": 1, "bytes": 5, "faults": [fault], "next": None}),
    }
    signed_in.script = lambda seen: pages["last" if "cursor=raw" in seen.path else "next"]
    assert run(["admin", "check-store", "--content"]) == Exit.FAILED
    out, err = capsys.readouterr()
    assert "raw/数据/1/a.csv" in out
    assert "3 files" in err
    assert all("content=true" in seen.path for seen in signed_in.seen)


def test_json_is_pure_and_tables_are_for_people(signed_in: Scripted, capsys: pytest.CaptureFixture[str]) -> None:
    signed_in.answers(Answer.json({"items": [], "next": None, "total": 0}))
    assert run(["jobs", "--json"]) == Exit.OK
    assert json.loads(capsys.readouterr().out) == []
    assert run(["jobs"]) == Exit.OK
    out, err = capsys.readouterr()
    assert out == ""
    assert "px submit" in err


def test_names_are_data_not_markup(signed_in: Scripted, capsys: pytest.CaptureFixture[str]) -> None:
    dataset = {
        "name": "[bold red]x[/]",
        "description": "",
        "owner": "ana",
        "versions": 1,
        "latest": None,
        "created_at": "2026-11-24T00:00:00Z",
    }
    signed_in.answers(Answer.json({"items": [dataset]}))
    run(["data", "list"])
    assert "[bold red]x[/]" in capsys.readouterr().out


def test_fault_of_ours_is_not_hidden(signed_in: Scripted) -> None:
    signed_in.answers(Answer.json({"items": [{"nonsense": 1}]}))
    with pytest.raises(ValueError, match="validation error"):
        run(["jobs"])


def test_delete_asks_first(signed_in: Scripted, capsys: pytest.CaptureFixture[str]) -> None:
    answer = subprocess.run(
        [sys.executable, "-P", "-m", "proteinx.cli", "data", "delete", "x"],
        input="n\n",
        text=True,
        capture_output=True,
        check=False,
        env=os.environ,
    )
    assert answer.returncode == Exit.INTERRUPTED
    assert signed_in.seen == []


def test_artifact_that_leads_out_is_not_written(
    signed_in: Scripted, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    item = {"path": "../../evil", "size": 2, "sha256": None, "attempt": 1, "location": "x"}
    signed_in.answers(Answer.json([item]))
    assert run(["artifacts", "download", "a" * 32, "--to", str(tmp_path / "deep" / "out")]) == Exit.FAILED
    assert "leads out" in capsys.readouterr().err
    assert not list(tmp_path.rglob("evil"))


def test_closed_pipe_ends_quietly() -> None:
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "proteinx.cli", "--help"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    errors = process.stderr.read()
    process.wait(60)
    assert b"Traceback" not in errors


def test_source_tree_commands_say_so_without_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr("proteinx.cli.checkout.__file__", str(tmp_path / "a" / "b" / "c" / "d" / "e.py"))
    assert run(["up", "--no-portal"]) == Exit.FAILED
    assert "source tree" in capsys.readouterr().err
