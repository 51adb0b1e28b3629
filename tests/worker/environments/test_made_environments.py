"""Virtual environments made for a project, through a real agent, from a wheel that lies in the project."""

import base64
import hashlib
import io
import zipfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Final

import pytest

from tests.worker.conftest import AgentProcess
from tests.worker.stub import StubJob, StubMaster, until
from worker.environments import python_env, venv

_ENV: Final = "python: '3.11'\ndependencies:\n  - --no-index\n  - ./wheels/tiny_own-1.0-py3-none-any.whl\n"
_SCRIPT: Final = (
    "import os, sys, tiny_own\nprint(tiny_own.WHERE, sys.prefix)\nprint(os.popen('tiny-own').read())\n"
    "import importlib.util; print('torch', importlib.util.find_spec('torch'))\n"
)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[StubMaster, AgentProcess]]:
    folder = tmp_path_factory.mktemp("environments")
    (folder / "master").mkdir()
    master = StubMaster(folder / "master")
    master.start()
    agent = AgentProcess(master, folder / "state")
    agent.start()
    yield master, agent
    agent.close()
    master.stop()


def _project(env: str) -> dict[str, str | bytes]:
    return {"python_env.yaml": env, "wheels/tiny_own-1.0-py3-none-any.whl": _wheel()}


def _run(lab: tuple[StubMaster, AgentProcess], env: str, script: str = _SCRIPT, **changes: object) -> StubJob:
    job = lab[0].job(script, project=_project(env), **changes)
    until(lambda: job.finish, 60)
    return job


def test_it_is_made_once_and_its_making_is_in_the_log(lab: tuple[StubMaster, AgentProcess]) -> None:
    first, second = _run(lab, _ENV), _run(lab, _ENV)
    made, used = first.log.decode(), second.log.decode()
    label = first.details["environment"]
    assert label.startswith("venv ") and second.details == first.details
    for job in (first, second):
        assert job.environment["tiny-own"] == "1.0", "what the job's code finds"
        assert "torch" not in job.environment and job.environment["python"].startswith("3.11.")
    assert f"proteinx: making {label}" in made and "tiny" in made and f"{label} is ready after" in made
    root = lab[1].state / "cache" / "environments"
    [folder] = [path for path in root.iterdir() if path.is_dir()]
    assert used == f"tiny {folder}\nhello from a script\n\ntorch None\n"
    assert made.endswith(used)


def test_the_worker_s_own_is_taken_where_it_has_all(lab: tuple[StubMaster, AgentProcess]) -> None:
    script = "import sys; print(sys.prefix)"
    env = "dependencies: [pydantic>=2, 'httpx[http2]>=99; python_version < \"3\"']"
    job = _run(lab, env, script)
    assert job.details["environment"] == "own"
    assert job.environment["pydantic"] == metadata.version("pydantic"), "what the project names is told too"
    assert "torch" in job.environment
    asked = _run(lab, _ENV, script, environment="own")
    assert asked.details["environment"] == "own" and asked.log == job.log


@pytest.mark.parametrize(
    ("env", "changes", "reason"),
    [
        (_ENV.replace("1.0", "2.0"), {}, "could not be made"),
        ("dependencies: 5", {}, "dependencies must be a list"),
        ("python: 3.10", {}, "quote the version"),
        (_ENV, {"environment": "docker"}, "MLproject has no docker_env"),
        (_ENV, {"environment": "conda"}, "the project has no conda.yaml"),
    ],
)
def test_what_can_t_be_had_is_the_user_s_fault_and_says_so(
    lab: tuple[StubMaster, AgentProcess], env: str, changes: dict[str, str], reason: str
) -> None:
    job = _run(lab, env, **changes)
    assert job.finish is not None
    assert (job.finish["outcome"], job.finish["fault"]) == ("failed", "user"), job.finish
    assert reason in job.finish["reason"]
    if "could not be made" in reason:
        assert job.finish["last_lines"]


def _wheel() -> bytes:
    """A tiny pure package with a console script."""
    files = {
        "tiny_own/__init__.py": "WHERE = 'tiny'\ndef main(): print('hello from a script')\n",
        "tiny_own-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: tiny-own\nVersion: 1.0\n",
        "tiny_own-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "tiny_own-1.0.dist-info/entry_points.txt": "[console_scripts]\ntiny-own = tiny_own:main\n",
    }
    record = "tiny_own-1.0.dist-info/RECORD"
    lines = [f"{name},sha256={_digest(text)},{len(text)}" for name, text in files.items()]
    files[record] = "\n".join([*lines, f"{record},,"]) + "\n"
    return _zipped(files)


def _digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


def _zipped(files: dict[str, str]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name), text)
    return data.getvalue()


def test_pip_makes_it_where_uv_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "python_env.yaml").write_text(_ENV)
    monkeypatch.setattr(venv, "find_uv", lambda: None)
    wanted = python_env.load(tmp_path, "python_env.yaml")
    making, installing = venv.commands(wanted, tmp_path / "made")
    assert making[1:] == ["-m", "venv", str(tmp_path / "made")]
    assert installing == [
        str(tmp_path / "made" / "bin" / "python"), "-m", "pip", "install", "--disable-pip-version-check",
        "--no-index", "./wheels/tiny_own-1.0-py3-none-any.whl",
    ]  # fmt: skip
