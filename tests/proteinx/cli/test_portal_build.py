"""`px portal build` with stand-ins for Node and npm: what is done when, and what is said when it can't be done."""

import json
import shutil
from pathlib import Path

import pytest

from proteinx.cli.exits import CommandError
from proteinx.cli.portal_background import PortalInBackground
from proteinx.cli.portal_build import NODE, Portal

SH = "#!/bin/sh\nset -eu\n"
NPM = 'echo "npm $*" >>calls\nmkdir -p node_modules\ncp package-lock.json node_modules/.package-lock.json\n'
VITE = """echo "node $1" >>calls
case $1 in
*vite.js) mkdir -p "$4/.vite"; cp index.html "$4/index.html" ;;
*compress.mjs) : >"$2/index.html.gz" ;;
esac
"""
LOCK = {
    "packages": {"": {}, "node_modules/vite": {"version": "8"}, "node_modules/vitest": {"version": "5", "dev": True}}
}


class Tree:
    """A source tree with a portal in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / "frontend"
        for name in ("src", "public", "scripts"):
            (self.folder / name).mkdir(parents=True)
        for name in ("index.html", "package.json", "vite.config.ts", "src/main.tsx"):
            (self.folder / name).write_text(name)
        (self.folder / "package-lock.json").write_text(json.dumps(LOCK))
        self.program("npm", NPM)
        self.program("node", VITE)
        (root / ".venv-node" / "installed").write_text(NODE)

    def program(self, name: str, script: str) -> None:
        path = self.root / ".venv-node" / "bin" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(SH + script)
        path.chmod(0o755)

    def calls(self) -> list[str]:
        """Since the last look."""
        path = self.folder / "calls"
        lines = path.read_text().splitlines() if path.exists() else []
        path.unlink(missing_ok=True)
        return [line.split()[1].rpartition("/")[2] for line in lines]


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(tmp_path)


def build(tree: Tree) -> list[str]:
    said: list[str] = []
    Portal(tree.root).build(said.append)
    return said


def test_it_is_built_once(tree: Tree) -> None:
    portal = Portal(tree.root)
    assert not portal.is_current()
    build(tree)
    assert tree.calls() == ["ci", "vite.js", "compress.mjs"]
    assert portal.is_current()
    assert (portal.dist / "index.html").read_text() == "index.html"
    build(tree)
    assert tree.calls() == []


@pytest.mark.parametrize("changed", ["src/new.tsx", "index.html", "package.json", "public/logo.svg", "scripts/x.mjs"])
def test_a_changed_source_builds_it_again_without_installing(tree: Tree, changed: str) -> None:
    build(tree)
    tree.calls()
    (tree.folder / changed).write_text("changed")
    assert not Portal(tree.root).is_current()
    build(tree)
    assert tree.calls() == ["vite.js", "compress.mjs"]


def test_packages_are_installed_again_when_their_versions_change(tree: Tree) -> None:
    build(tree)
    tree.calls()
    newer = json.loads(json.dumps(LOCK).replace('"8"', '"9"'))
    (tree.folder / "package-lock.json").write_text(json.dumps(newer))
    build(tree)
    assert tree.calls() == ["ci", "vite.js", "compress.mjs"]


def test_a_developers_packages_are_left_alone(tree: Tree) -> None:
    build(tree)
    shutil.rmtree(Portal(tree.root).dist)
    tree.calls()
    more = LOCK | {"packages": LOCK["packages"] | {"node_modules/extra": {"version": "1"}}}
    (tree.folder / "node_modules" / ".package-lock.json").write_text(json.dumps(more))
    build(tree)
    assert tree.calls() == ["vite.js", "compress.mjs"]


def test_a_failure_says_why_and_leaves_the_last_build(tree: Tree) -> None:
    build(tree)
    portal = Portal(tree.root)
    (tree.folder / "src" / "main.tsx").write_text("broken")
    tree.program("node", 'echo "main.tsx:1: no such thing" >&2; exit 1\n')
    with pytest.raises(CommandError, match=r"(?s)vite failed\..*no such thing"):
        build(tree)
    assert "no such thing" in portal.failed.read_text()
    assert (portal.dist / "index.html").is_file()
    tree.program("node", VITE)
    build(tree)
    assert portal.is_current()
    assert not portal.failed.exists()


def test_npm_that_is_away(tree: Tree) -> None:
    tree.program("npm", 'echo "npm error network ENOTFOUND registry" >&2; exit 1\n')
    with pytest.raises(CommandError, match=r"(?s)npm could not install.*ENOTFOUND"):
        build(tree)
    assert not Portal(tree.root).is_current()


def test_in_the_background_nothing_is_started_where_nothing_is_to_do(tree: Tree, tmp_path: Path) -> None:
    background = PortalInBackground(tree.root, tmp_path / "home")
    build(tree)
    assert background.start() is False
    assert background.wait(0) is None


def test_in_the_background_a_failure_is_told_and_raises_nothing(tree: Tree, tmp_path: Path) -> None:
    tree.program("npm", 'echo "npm error ENOTFOUND" >&2; exit 1\n')
    with pytest.raises(CommandError):
        build(tree)
    told = PortalInBackground(tree.root, tmp_path / "home").wait(0)
    assert told is not None
    assert "ENOTFOUND" in told
    assert "px portal build" in told
