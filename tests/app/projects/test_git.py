"""Projects from git: a real git program and real repositories, reached by `file`, which these tests' master allows."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from app.errors import Unprocessable
from app.projects import git_address, git_fetch
from proteinx.contracts.projects import GitSource
from proteinx.contracts.snapshot import collect, digest
from tests.app.lab import Lab

MLPROJECT = 'name: toy\nentry_points:\n  main:\n    command: "python train.py"\n'


class Repository:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.git("init", "-q", "-b", "trunk")
        self.write("MLproject", MLPROJECT)
        self.write("train.py", "print(1)\n")
        self.first = self.commit("first")

    def git(self, *arguments: str) -> str:
        identity = ["-c", "user.name=t", "-c", "user.email=t@t", "-c", "protocol.file.allow=always"]
        command = ["git", "-C", str(self.folder), *identity, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def commit(self, message: str) -> str:
        self.git("add", "-A")
        self.git("commit", "-qm", message)
        return self.git("rev-parse", "HEAD")

    @property
    def uri(self) -> str:
        return self.folder.as_uri()


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "repository")


@pytest.fixture
def git_lab(lab: Lab) -> Lab:
    lab.settings.git_schemes = ["file", "https", "ssh"]
    return lab


def add(lab: Lab, uri: str, name: str = "toy", **source: str):
    return lab.as_("alice").post(f"/api/projects/{name}/git", json={"uri": uri, **source})


def left_over(lab: Lab) -> list[str]:
    return [path.name for path in (lab.workdir / "uploads").glob(".git-*")]


def test_the_default_branch_becomes_a_snapshot_that_knows_its_commit(git_lab: Lab, repository: Repository) -> None:
    reply = add(git_lab, repository.uri)
    assert reply.status_code == 200, reply.text
    view = reply.json()
    assert view["source"] == {"kind": "git", "uri": repository.uri, "commit": repository.first}
    assert view["digest"] == digest(collect(repository.folder))
    assert git_lab.submit(project="toy", snapshot=view["digest"])["snapshot"] == view["digest"]
    assert left_over(git_lab) == []


@pytest.mark.parametrize("kind", ["branch", "tag", "commit", "short commit"])
def test_a_version_is_resolved_to_its_commit(git_lab: Lab, repository: Repository, kind: str) -> None:
    repository.git("tag", "v1")
    repository.git("branch", "old/line")
    repository.write("train.py", "print(2)\n")
    second = repository.commit("second")
    version = {"branch": "old/line", "tag": "v1", "commit": repository.first, "short commit": repository.first[:9]}
    view = add(git_lab, repository.uri, version=version[kind]).json()
    assert view["source"]["commit"] == repository.first
    assert add(git_lab, repository.uri).json()["source"]["commit"] == second
    assert git_lab.as_("bob").get("/api/projects/toy").json()["snapshot"]["source"]["commit"] == second


def test_the_same_commit_again_is_the_same_snapshot(git_lab: Lab, repository: Repository) -> None:
    assert add(git_lab, repository.uri).json()["digest"] == add(git_lab, repository.uri).json()["digest"]
    assert len(git_lab.as_("alice").get("/api/projects/toy/snapshots").json()) == 1


def test_a_subdirectory_with_a_wider_root(git_lab: Lab, repository: Repository) -> None:
    repository.write("projects/deep/MLproject", MLPROJECT)
    repository.write("projects/deep/snapshot.include", "root: ../..\ninclude: [projects/deep, lib]\n")
    repository.write("lib/code.py", "X = 1\n")
    repository.commit("deep")
    view = add(git_lab, repository.uri, subdirectory="projects/deep").json()
    assert view["project_path"] == "projects/deep"
    assert view["files"] == 3
    assert view["source"]["subdirectory"] == "projects/deep"


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ({"uri": "https://ana:secret@host.example/x.git"}, "credentials_in_uri"),
        ({"uri": "https://token@host.example/x.git"}, "credentials_in_uri"),
        ({"uri": "ssh://git:secret@host.example/x.git"}, "credentials_in_uri"),
        ({"uri": "https://host.example/x.git?token=1"}, "bad_git_uri"),
        ({"uri": "ext::sh -c whoami"}, "bad_git_uri"),
        ({"uri": "ext::whoami"}, "git_scheme_refused"),
        ({"uri": "git://host.example/x"}, "git_scheme_refused"),
        ({"uri": "--upload-pack=whoami"}, "bad_git_uri"),
        ({"uri": "/etc"}, "bad_git_uri"),
        ({"uri": "ssh://-oProxyCommand=whoami/x"}, "bad_git_uri"),
        ({"uri": "https://host.example/x", "version": "--force"}, "bad_version"),
        ({"uri": "https://host.example/x", "version": "a..b"}, "bad_version"),
        ({"uri": "https://host.example/x", "subdirectory": "../up"}, "bad_path"),
        ({"uri": "https://host.example/x", "subdirectory": "/etc"}, "bad_path"),
    ],
)
def test_what_is_not_taken_is_refused_before_git_runs(
    git_lab: Lab, monkeypatch: pytest.MonkeyPatch, source: dict[str, str], code: str
) -> None:
    monkeypatch.setattr("app.projects.git.Fetch", None)
    reply = git_lab.as_("alice").post("/api/projects/toy/git", json=source)
    if code == "bad_path" and source["subdirectory"] == "/etc":
        assert git_address.check(GitSource(**source), {"https"})  # a slash around it is no other folder
        return
    assert (reply.status_code, reply.json()["error"]) == (422, code)
    assert "secret" not in reply.text


def test_by_default_the_masters_own_disk_is_closed(lab: Lab, repository: Repository) -> None:
    assert add(lab, repository.uri).json()["error"] == "git_scheme_refused"


def test_the_short_form_of_ssh_is_understood() -> None:
    assert git_address.check(GitSource(uri="git@host.example:lab/code.git"), {"ssh"}) == (
        "ssh://git@host.example/lab/code.git"
    )


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda one: one.write("MLproject", "entry_points: [\n"), "bad_mlproject"),
        (lambda one: (one.folder / "MLproject").unlink(), "no_mlproject"),
        (lambda one: (one.folder / "out").symlink_to("/etc/passwd"), "bad_link"),
        (lambda one: one.write("snapshot.include", "root: ../..\ninclude: [.]\n"), "bad_include"),
        (lambda one: one.git("submodule", "add", "-q", one.uri, "inner"), "empty_submodule"),
    ],
    ids=["MLproject does not parse", "no MLproject", "link leads out", "root leads out", "submodule"],
)
def test_bad_code_is_refused_and_nothing_stays(
    git_lab: Lab, repository: Repository, change: Callable[[Repository], object], code: str
) -> None:
    change(repository)
    repository.commit("bad")
    reply = add(git_lab, repository.uri)
    assert (reply.status_code, reply.json()["error"]) == (422, code)
    assert git_lab.as_("alice").get("/api/projects/toy").status_code == 404
    assert left_over(git_lab) == []


def test_a_subdirectory_that_is_a_link_out_is_no_folder(git_lab: Lab, repository: Repository) -> None:
    (repository.folder / "up").symlink_to("..")
    repository.commit("link")
    assert add(git_lab, repository.uri, subdirectory="up").json()["error"] == "no_folder"


def test_what_is_not_there_is_told(git_lab: Lab, repository: Repository, tmp_path: Path) -> None:
    assert add(git_lab, (tmp_path / "nowhere").as_uri()).json()["error"] == "git_unreachable"
    for version in ("nobranch", "0123456789"):
        assert add(git_lab, repository.uri, version=version).json()["error"] == "unknown_version"


def test_no_hook_and_no_filter_of_the_repository_runs(git_lab: Lab, repository: Repository, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    for name in ("post-checkout", "reference-transaction", "post-index-change"):
        hook = repository.folder / ".git" / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\ntouch {mark}\n")
        hook.chmod(0o755)
    repository.write(".gitattributes", "*.py filter=evil\n")
    repository.write(".gitconfig", f'[filter "evil"]\nsmudge = touch {mark}\n')
    repository.git("-c", "core.hooksPath=/dev/null", "add", "-A")
    repository.git("-c", "core.hooksPath=/dev/null", "commit", "-qm", "evil")
    mark.unlink(missing_ok=True)
    assert add(git_lab, repository.uri).status_code == 200
    assert not mark.exists()


def test_too_large_and_too_slow_are_ended(
    git_lab: Lab, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.write("big.bin", os.urandom(400_000).hex())
    repository.commit("big")
    with monkeypatch.context() as smaller:
        smaller.setattr(git_fetch, "MAX_BYTES", 100_000)
        assert add(git_lab, repository.uri).json()["error"] == "too_large"
    git_lab.settings.git_timeout = -1.0
    monkeypatch.setattr(git_fetch.shutil, "which", lambda _: str(_sleeper(repository.folder.parent)))
    assert add(git_lab, repository.uri).json()["error"] == "git_timeout"
    assert left_over(git_lab) == []


def _sleeper(folder: Path) -> Path:
    path = folder / "git-that-hangs"
    path.write_text("#!/bin/sh\nexec sleep 600\n")
    path.chmod(0o755)
    return path


def test_whose_project_it_is_counts(git_lab: Lab, repository: Repository) -> None:
    assert add(git_lab, repository.uri).status_code == 200
    assert git_lab.as_("bob").post("/api/projects/toy/git", json={"uri": repository.uri}).status_code == 403
    assert git_lab.as_("vera").post("/api/projects/other/git", json={"uri": repository.uri}).status_code == 403
    assert add(git_lab, repository.uri, name="protein").json()["error"] == "built_in"


def test_without_git_it_says_so(git_lab: Lab, repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git_fetch.shutil, "which", lambda _: None)
    reply = add(git_lab, repository.uri)
    assert (reply.status_code, reply.json()["error"]) == (503, "git_missing")


def test_credentials_in_what_git_says_are_not_passed_on() -> None:
    told = git_fetch._last_line("x\nfatal: unable to access 'https://ana:secret@host/x': 403\n")
    assert "secret" not in told
    with pytest.raises(Unprocessable):
        git_address.check(GitSource(uri="https://a:b@h/x"), {"https"})
