"""The pinned files against pyproject.toml, offline: `.ci/lock` must have been run after a change."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = {
    "requirements.txt": ["platform"],
    "requirements-worker.txt": ["worker"],
    "requirements-dev.txt": ["platform", "worker", "dev"],
}


def pins(name: str) -> dict[str, Version]:
    lines = [line for line in (ROOT / name).read_text(encoding="utf-8").splitlines() if line and line[0] not in "#-"]
    found = {}
    for line in lines:
        match = re.fullmatch(r"([A-Za-z0-9._-]+)==([^\s;]+)(\s*;.*)?", line)
        assert match, f"{name}: {line!r} is not pinned"
        found[canonicalize_name(match[1])] = Version(match[2])
    return found


def direct(extras: list[str]) -> list[Requirement]:
    texts = [*PROJECT["dependencies"], *(text for extra in extras for text in PROJECT["optional-dependencies"][extra])]
    return [Requirement(text) for text in texts]


@pytest.mark.parametrize("name", EXTRAS)
def test_each_direct_dependency_is_pinned_within_its_bounds(name: str) -> None:
    pinned = pins(name)
    for requirement in direct(EXTRAS[name]):
        version = pinned.get(canonicalize_name(requirement.name))
        assert version is not None, f"{requirement.name} is missing in {name}"
        assert requirement.specifier.contains(version), f"{requirement} against {version} in {name}"


@pytest.mark.parametrize("name", EXTRAS)
def test_each_file_ends_with_the_project_itself(name: str) -> None:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    assert lines[-1] == "-e ."
    assert [line for line in lines if line.startswith("-")] == ["-e ."]


def test_the_files_agree() -> None:
    everything = pins("requirements-dev.txt")
    for name in ("requirements.txt", "requirements-worker.txt"):
        for package, version in pins(name).items():
            assert everything.get(package) == version, f"{package} in {name}"


def test_the_master_needs_no_torch_and_nobody_a_pinned_cuda() -> None:
    assert not {"torch", "pytorch-lightning", "transformers"} & set(pins("requirements.txt"))
    for name in EXTRAS:
        heavy = {p for p in pins(name) if p.startswith(("nvidia-", "cuda-", "triton")) and p != "nvidia-ml-py"}
        assert heavy == set(), name


def test_conda_leaves_all_but_python_to_pip() -> None:
    environment = yaml.safe_load((ROOT / "environment.worker.yml").read_text(encoding="utf-8"))
    assert environment["dependencies"] == ["python=3.11", "pip", {"pip": ["-r requirements-worker.txt"]}]


def test_every_dependency_has_a_bound() -> None:
    typing_only = ("pandas-stubs", "types-")
    for requirement in direct(["platform", "worker", "dev"]):
        assert requirement.specifier or requirement.name.startswith(typing_only), requirement
