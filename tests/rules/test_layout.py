"""House rules that no linter knows: who may import what, and where no package may be."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def sources(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py") if ".venv" not in path.parts)


def imported(path: Path) -> Iterator[str]:
    """Full names of the modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def who_imports(package: str, *folders: str) -> set[str]:
    return {
        path.relative_to(ROOT).as_posix()
        for path in sources(*folders)
        if any(name == package or name.startswith(f"{package}.") for name in imported(path))
    }


def test_celery_is_sent_from_one_file() -> None:
    assert who_imports("celery", "platform", "src") <= {"platform/app/scheduling/dispatch.py"}
    assert who_imports("celery", "worker") <= {"worker/celery_app.py", "worker/tasks.py", "worker/consumer.py"}


def test_the_master_meets_mlflow_in_one_folder() -> None:
    assert all(path.startswith("platform/app/tracking/") for path in who_imports("mlflow", "platform"))


def test_the_client_the_command_and_the_agent_import_no_mlflow() -> None:
    light = ("src/proteinx/client", "src/proteinx/cli", "src/proteinx/contracts", "worker")
    written_into_capsules = {"src/proteinx/client/reproduction/capsule_run.py"}  # runs there, never here
    assert who_imports("mlflow", *light) == written_into_capsules


@pytest.mark.parametrize("heavy", ["torch", "pytorch_lightning", "transformers", "pandas", "sklearn"])
def test_master_and_command_run_without(heavy: str) -> None:
    where_it_is_there = {"src/proteinx/sdk/frames.py"} if heavy == "pandas" else set()
    assert who_imports(heavy, "platform", "src/proteinx") == where_it_is_there


def test_projects_use_the_library_alone() -> None:
    """A project's scripts are a few lines over proteinlab, so that a snapshot runs without the platform."""
    for path in sources("projects"):
        tops = {name.split(".")[0] for name in imported(path)}
        assert not tops & {"proteinx", "app", "worker"}, path


def test_the_science_and_the_platform_do_not_know_each_other() -> None:
    assert who_imports("proteinx", "src/proteinlab") == set()
    assert who_imports("proteinlab", "src/proteinx", "worker") == set()
    allowed = ("proteinlab.biodata", "proteinlab.stats")
    for path in sources("platform"):
        for name in imported(path):
            assert not name.startswith("proteinlab.") or name.startswith(allowed), path


@pytest.mark.parametrize("folder", ["platform", "mlflow", "tests", "projects", "deploy", "benchmarks"])
def test_no_package_shadows_another(folder: str) -> None:
    """`platform` is the standard library's, `mlflow` the tracking server's."""
    allowed = {ROOT / "benchmarks" / "__init__.py"}
    found = set((ROOT / folder).glob("__init__.py")) | set((ROOT / folder).glob("*/__init__.py"))
    inside = {path for path in found if folder == "platform" and path.parent.name == "app"}
    assert found - inside - allowed == set()


def test_the_installed_mlflow_is_the_real_one() -> None:
    import platform

    import mlflow

    assert mlflow.__version__ == "3.17.2"
    assert platform.python_version()


def test_no_file_is_named_after_nothing() -> None:
    vague = {"utils.py", "util.py", "helpers.py", "helper.py", "common.py", "misc.py"}
    found = [path for path in sources("src", "platform", "worker", "projects", "tests") if path.name in vague]
    assert found == []


def test_sources_stay_small() -> None:
    long = {
        path.relative_to(ROOT).as_posix(): lines
        for path in sources("src", "platform/app", "worker", "projects")
        if (lines := path.read_text(encoding="utf-8").count("\n")) > 400
    }
    assert long == {}
