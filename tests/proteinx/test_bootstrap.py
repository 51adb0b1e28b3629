"""The script `px` itself, in a copy of its folder with a stand-in for Python that notes what it is asked to do."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.waiting import until

ROOT = Path(__file__).resolve().parents[2]
BASE = ["-r", "requirements.txt", "-r", "requirements-worker.txt"]

STAND_IN = """#!{python} -I
import json, os, pathlib, shutil, subprocess, sys, time
arguments = sys.argv[1:]
with open(os.environ["CALLS"], "a") as calls:
    print(json.dumps({{"arguments": arguments, "cwd": os.getcwd()}}), file=calls)
if arguments[:2] == ["-m", "venv"]:
    folder = pathlib.Path(arguments[2], "bin")
    folder.mkdir(parents=True)
    shutil.copy(sys.argv[0], folder / "python")
elif arguments[:3] == ["-m", "pip", "install"]:
    print("Collecting something")
    time.sleep(float(os.environ.get("PIP_SECONDS", "0")))
    sys.exit(int(os.environ.get("PIP_CODE", "0")))
elif arguments[0] == "-c":
    sys.exit(subprocess.run([{python!r}, *arguments], pass_fds=(9,) if "fcntl" in arguments[1] else ()).returncode)
"""


class Copy:
    """A source tree as far as `px` looks at it."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "ProteinX 源码 (new)"
        self.root.mkdir(parents=True)
        shutil.copy(ROOT / "px", self.root / "px")
        for name in ("pyproject.toml", "requirements.txt", "requirements-worker.txt", "requirements-dev.txt"):
            (self.root / name).write_text(f"{name}\n")
        self.python = folder / "stand in python"
        self.python.write_text(STAND_IN.format(python=sys.executable))
        self.python.chmod(0o755)
        self.calls_file = folder / "calls"
        self.environment = {**os.environ, "PX_PYTHON": str(self.python), "CALLS": str(self.calls_file)}

    def start(self, *arguments: str, px: Path | None = None, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [str(px or self.root / "px"), *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd="/",
            env={**self.environment, **environment},
        )

    def run(self, *arguments: str, px: Path | None = None, **environment: str) -> tuple[int, str]:
        process = self.start(*arguments, px=px, **environment)
        _, errors = process.communicate(timeout=300)
        return process.returncode, errors

    def calls(self) -> list[dict]:
        return [json.loads(line) for line in self.calls_file.read_text().splitlines()]

    def installs(self) -> list[list[str]]:
        found = [call["arguments"] for call in self.calls() if call["arguments"][:3] == ["-m", "pip", "install"]]
        return [arguments[arguments.index("-r") :] for arguments in found]

    def commands(self) -> list[list[str]]:
        prefix = ["-P", "-m", "proteinx.cli"]
        return [call["arguments"][3:] for call in self.calls() if call["arguments"][:3] == prefix]


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


def test_first_use_installs_and_hands_over_word_for_word(copy: Copy) -> None:
    arguments = ["submit", "a b", "名字", "", "$HOME", "*", "--x=1"]
    code, errors = copy.run(*arguments)
    assert code == 0
    assert "installing packages" in errors
    assert errors.count("\n") == 1
    assert copy.installs() == [BASE]
    assert copy.commands() == [arguments]
    pip = next(call for call in copy.calls() if call["arguments"][:3] == ["-m", "pip", "install"])
    assert pip["cwd"] == str(copy.root)


def test_second_use_installs_nothing_and_says_nothing(copy: Copy) -> None:
    copy.run("one")
    assert copy.run("two") == (0, "")
    assert len(copy.installs()) == 1
    assert copy.commands() == [["one"], ["two"]]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-worker.txt", "pyproject.toml"])
def test_changed_requirements_are_installed(copy: Copy, name: str) -> None:
    copy.run("one")
    (copy.root / name).write_text("other\n")
    copy.run("two")
    assert copy.installs() == [BASE, BASE]


def test_failed_installation_is_tried_again(copy: Copy) -> None:
    code, errors = copy.run("one", PIP_CODE="1")
    assert code == 1
    assert "installation failed" in errors
    assert "Collecting something" in errors
    assert copy.commands() == []
    assert copy.run("two")[0] == 0
    assert copy.commands() == [["two"]]


def test_interrupted_installation_is_tried_again(copy: Copy) -> None:
    process = copy.start("one", PIP_SECONDS="200")
    until(lambda: copy.calls_file.exists() and copy.installs())
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=300)
    assert process.returncode == 130
    assert copy.run("two")[0] == 0
    assert len(copy.installs()) == 2


def test_two_at_once_install_once(copy: Copy) -> None:
    processes = [copy.start(name, PIP_SECONDS="1") for name in ("one", "two")]
    errors = [process.communicate(timeout=300)[1] for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    assert len(copy.installs()) == 1
    assert sorted(copy.commands()) == [["one"], ["two"]]
    assert sum("waiting" in text for text in errors) == 1


def test_through_a_link_from_anywhere(copy: Copy, tmp_path: Path) -> None:
    link = tmp_path / "bin dir" / "px"
    link.parent.mkdir()
    link.symlink_to(Path("..") / copy.root.name / "px")
    second = tmp_path / "second"
    second.symlink_to(link)
    assert copy.run("one", px=second)[0] == 0
    assert (copy.root / ".venv" / "bin" / "python").exists()


def test_tests_need_more_and_what_they_need_holds_the_rest(copy: Copy) -> None:
    copy.run("test", "-k", "x")
    copy.run("jobs")
    assert copy.installs() == [["-r", "requirements-dev.txt"]]
    assert copy.commands() == [["test", "-k", "x"], ["jobs"]]


def test_moved_tree_installs_itself_anew(copy: Copy) -> None:
    """An editable installation points at the old place."""
    copy.run("one")
    moved = copy.root.with_name("moved")
    copy.root.rename(moved)
    copy.root = moved
    copy.run("two")
    assert len(copy.installs()) == 2


def test_broken_environment_is_made_anew(copy: Copy) -> None:
    copy.run("one")
    python = copy.root / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python3.11")
    assert copy.run("two")[0] == 0
    assert len(copy.installs()) == 2


def test_no_python_says_what_to_do(copy: Copy, tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("sh", "dirname", "readlink", "cat", "cksum", "rm", "tail", "cut", "sleep"):
        (tools / name).symlink_to(shutil.which(name) or name)
    code, errors = copy.run("one", PX_PYTHON="", PATH=str(tools))
    assert code == 1
    assert "Python 3.11 or newer" in errors
    assert "PX_PYTHON" in errors


def test_it_is_a_script_that_any_posix_shell_reads() -> None:
    assert os.access(ROOT / "px", os.X_OK)
    for shell in filter(None, map(shutil.which, ("dash", "bash", "busybox"))):
        command = [shell, "sh"] if shell.endswith("busybox") else [shell]
        subprocess.run([*command, "-n", str(ROOT / "px")], check=True)
