"""What people can set or call is written down."""

import re
from pathlib import Path

import pytest

from app.settings import Settings
from proteinx.cli.app import COMMANDS, load
from proteinx.cli.exits import Exit
from worker.settings import WorkerSettings

ROOT = Path(__file__).resolve().parents[2]
DOCS = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").rglob("*.md")))
CLI = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
ENV = (ROOT / ".env.example").read_text(encoding="utf-8")


def leaves(name: str, command) -> list[str]:
    children = getattr(command, "commands", {})
    return [leaf for key, child in children.items() for leaf in leaves(f"{name} {key}", child)] or [name]


@pytest.mark.parametrize("name", [leaf for name in COMMANDS for leaf in leaves(name, load(name))])
def test_every_command_is_documented(name: str) -> None:
    group, _, last = name.rpartition(" ")
    shown = rf"px {group}\b.*\b{re.escape(last)}\b" if group and last != "list" else rf"px {group or last}\b"
    assert re.search(shown, CLI) or f"`{name}`" in CLI


def test_every_exit_code_is_documented() -> None:
    for code in Exit:
        assert f"| {code.value} |" in CLI


@pytest.mark.parametrize("field", Settings.model_fields)
def test_every_setting_of_the_master_is_in_env_example(field: str) -> None:
    assert f"PROTEINX_{field.upper()}=" in ENV


def test_env_example_names_no_setting_that_is_gone() -> None:
    for name in re.findall(r"PROTEINX_([A-Z_]+)=", ENV):
        assert name.lower() in Settings.model_fields


@pytest.mark.parametrize("field", WorkerSettings.model_fields)
def test_every_setting_of_the_worker_is_documented(field: str) -> None:
    names = {"master_url": "MASTER_URL", "redis_url": "REDIS_URL", "token": "PROTEINX_TOKEN"}
    assert names.get(field, f"PROTEINX_WORKER_{field.upper()}") in DOCS


def test_links_between_pages_lead_somewhere() -> None:
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} -> {target}"


def test_help_texts_name_commands_that_exist() -> None:
    """A hint such as `px admin join-token` in an error must be right."""
    known = set(COMMANDS)
    for path in [
        path for folder in ("src/proteinx", "platform/app", "worker") for path in (ROOT / folder).rglob("*.py")
    ]:
        for name in re.findall(r"`(?:\./)?px ([a-z]+)", path.read_text(encoding="utf-8")):
            assert name in known, f"{path.name}: px {name}"


def test_the_table_of_faults_names_tests_that_exist() -> None:
    table = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
    written = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    named = set(re.findall(r"`(test_\w+)`", table))
    assert len(named) > 20
    assert [name for name in sorted(named) if f"def {name}(" not in written] == []
