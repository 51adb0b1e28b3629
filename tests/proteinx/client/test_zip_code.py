"""Zip files as projects, and the names that projects get."""

import zipfile
from pathlib import Path

import pytest

from proteinx.client import zip_code
from proteinx.client.local_code import fitting_name
from proteinx.contracts.snapshot import SnapshotError

MLPROJECT = 'entry_points:\n  main: {command: "true"}\n'


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["MLproject", "../evil.txt"], "segment"),
        (["MLproject", "a/../../evil.txt"], "segment"),
        (["MLproject", "/tmp/evil.txt"], "absolute"),
        (["train.py"], "no MLproject file in 代码.zip"),
        ([], "no MLproject file in 代码.zip"),
    ],
)
def test_what_is_wrong_with_an_archive_is_told(names: list[str], told: str, tmp_path: Path) -> None:
    archive = tmp_path / "代码.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for name in names:
            file.writestr(name, MLPROJECT)
    with pytest.raises(SnapshotError, match=told), zip_code.opened(archive):
        raise AssertionError("it was opened")


def test_the_one_folder_in_it_is_the_project(tmp_path: Path) -> None:
    archive = tmp_path / "code.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("my code/MLproject", MLPROJECT)
    with zip_code.opened(archive) as folder:
        assert folder.name == "my code"


def test_projects_in_other_scripts_are_not_taken_for_one() -> None:
    assert fitting_name("My code (new)") == "My-code-new"
    first, second = fitting_name("折叠"), fitting_name("结合")
    assert first != second
    assert first == fitting_name("折叠")
    assert first.startswith("project-")
