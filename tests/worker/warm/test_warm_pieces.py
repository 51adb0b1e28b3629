"""Which commands and scripts may start warm, and what a fork is rid of."""

import os
import shlex
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.warm.fitness import why_cold
from worker.warm.imports import needs_libraries
from worker.warm.memories import Memories
from worker.warm.plain import Plain, parse


def test_a_plain_command_is_taken_apart() -> None:
    words = shlex.join(["it's"])
    command = f"PYTHONPATH=../../src:lib python  train.py data.path='/a b' \"x y\" {words} "
    assert parse(command) == Plain("python", "../../src:lib", "train.py", ("data.path=/a b", "x y", "it's"))
    assert parse("python3 a.py") == Plain("python3", None, "a.py", ())


@pytest.mark.parametrize(
    "command",
    [
        "", "python", "python -m module", "python -u a.py", "bash a.sh", "A=1 python a.py", "torchrun a.py",
        "python a.py; true", "python a.py && true", "python a.py > log", "python a.py | tee log", "python a.py &",
        "python a.py $HOME", "python a.py \"$HOME\"", "python a.py `id`", "python a.py *.csv", "python a.py ~/x",
        "python a.py {a,b}", "python a.py a\\ b", "python a.py # note", "python a.py\ntrue", "python a.py 'open",
        "cd x\tpython a.py", "PYTHONPATH=x", "python a.py !!", "python a.py (a)", "python a.py a?", "python a.py [a]",
    ],
)  # fmt: skip
def test_what_a_shell_might_see_otherwise_is_not_plain(command: str) -> None:
    assert parse(command) is None


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), max_size=4))
def test_plain_words_are_bash_s_words(values: list[str]) -> None:
    command = shlex.join(["python", "a.py", *values])
    plain = parse(command)
    assert plain is not None
    bash = subprocess.run(
        ["bash", "-c", command.replace("python a.py", 'printf "%s\\0" a.py', 1)], capture_output=True, check=True
    )
    assert [os.fsencode(word) for word in (plain.script, *plain.arguments)] == bash.stdout.split(b"\0")[:-1]


def test_a_project_s_own_module_is_not_hidden_by_a_loaded_one(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("")
    plain = Plain("python", "lib", "main.py", ())
    assert why_cold(plain, tmp_path, {"torch"}) is None
    (tmp_path / "lib" / "torch").mkdir(parents=True)
    assert why_cold(plain, tmp_path, {"torch"}) is None  # a folder without __init__ comes after what is installed
    (tmp_path / "lib" / "torch" / "__init__.py").write_text("")
    assert "its own module torch" in (why_cold(plain, tmp_path, {"torch"}) or "")
    assert "no Python file" in (why_cold(Plain("python", None, "gone.py", ()), tmp_path, set()) or "")
    (tmp_path / "sitecustomize.py").write_text("")
    assert "sitecustomize" in (why_cold(plain, tmp_path, set()) or "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import os, json.decoder", False),
        ("from pathlib import Path", False),
        ("def f():\n    import torch", True),
        ("from . import mine", True),
        ("import mine", True),
        ("import = 1", False),
    ],
)
def test_scripts_that_need_libraries(tmp_path: Path, text: str, expected: bool) -> None:
    (tmp_path / "main.py").write_text(text)
    assert needs_libraries("python main.py", tmp_path) is expected


def test_paths_that_libraries_made_are_moved() -> None:
    class Library:
        cache = "/launcher/home/.cache/x"

    def save(where: str = "/launcher/tmp/y") -> str:
        return where

    holders = {"path": Path("/launcher/home/z"), "other": "/elsewhere"}, ["/launcher/home"]
    memories = Memories({"HOME": "/launcher/home", "TMPDIR": "/launcher/tmp"})
    memories.move_to({"HOME": "/job/home", "TMPDIR": "/job/tmp"})
    assert (Library.cache, save()) == ("/job/home/.cache/x", "/job/tmp/y")
    assert holders == ({"path": Path("/job/home/z"), "other": "/elsewhere"}, ["/job/home"])
