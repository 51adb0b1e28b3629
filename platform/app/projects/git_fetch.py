"""Fetches one commit with the git program: no hooks, no submodules, no prompts, no other protocols, within limits."""

import os
import re
import shutil
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from app.errors import Unavailable, Unprocessable
from app.processes import end_tree

MAX_BYTES: Final = 1024**3
"""Of a repository as it lies on the disk while it is fetched."""
_PASSED: Final = (
    *("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "CURL_CA_BUNDLE", "SSH_AUTH_SOCK", "PATH", "SYSTEMROOT"),
)
_COMMIT: Final = re.compile(r"[0-9a-f]{4,40}")
_LINK_IN_TEXT: Final = re.compile(r"\b(\w+://)[^@\s/]+@")


@dataclass(slots=True)
class Fetch:
    """One fetch into the new folder `target`, all of whose steps share `seconds`."""

    uri: str
    target: Path
    seconds: float
    _began: float = field(default_factory=time.monotonic)

    def commit(self, version: str | None) -> str:
        """Checks the version out and returns its commit.

        Raises Unprocessable("git_unreachable" | "unknown_version" | "too_large" | "git_timeout"), Unavailable without
        git.
        """
        self.target.mkdir()
        self._require("git_unreachable", "init", "--quiet", "--template=", ".")
        wanted = version or "HEAD"
        found = self._git("fetch", "--quiet", "--depth=1", "--no-tags", "--", self.uri, wanted)
        if found.returncode:
            self._fetch_by_number(wanted, found)
        self._require(
            "unknown_version", "checkout", "--quiet", "--detach", "FETCH_HEAD" if not found.returncode else wanted
        )
        return self._require("unknown_version", "rev-parse", "HEAD").strip()

    def _fetch_by_number(self, wanted: str, failed: "subprocess.CompletedProcess[str]") -> None:
        """Not every server gives out a commit by its number, and none does so by the beginning of one."""
        if not _COMMIT.fullmatch(wanted):
            raise self._told(failed, wanted)
        self._require(
            "git_unreachable", "fetch", "--quiet", "--", self.uri, "+refs/heads/*:refs/f/h/*", "+refs/tags/*:refs/f/t/*"
        )
        if self._git("rev-parse", "--verify", "--quiet", f"{wanted}^{{commit}}").returncode:
            raise Unprocessable("unknown_version", f"The repository has no commit {wanted}.", field="version")

    def _require(self, code: str, *arguments: str) -> str:
        done = self._git(*arguments)
        if done.returncode:
            raise Unprocessable(code, f"git says: {_last_line(done.stderr)}", field="uri")
        return done.stdout

    @staticmethod
    def _told(failed: "subprocess.CompletedProcess[str]", wanted: str) -> Unprocessable:
        if "couldn't find remote ref" in failed.stderr:
            return Unprocessable(
                "unknown_version", f"The repository has no branch, tag or commit {wanted!r}.", field="version"
            )
        return Unprocessable("git_unreachable", f"git can't fetch it: {_last_line(failed.stderr)}", field="uri")

    def _git(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        program = shutil.which("git")
        if program is None:
            raise Unavailable("git_missing", "The master has no git program; install git there, or send the folder.")
        command = [program, *_settings(self.uri.partition(":")[0]), *arguments]
        output = self.target.with_suffix(".out").open("w+")
        errors = self.target.with_suffix(".err").open("w+")
        with (
            output,
            errors,
            subprocess.Popen(
                command,
                cwd=self.target,
                env=_environment(self.target.parent),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
                start_new_session=True,
            ) as process,
        ):
            try:
                self._watch(process)
            finally:
                if process.poll() is None:
                    end_tree(process.pid, 0)
            output.seek(0)
            errors.seek(0)
            return subprocess.CompletedProcess(command, process.returncode, output.read(), errors.read())

    def _watch(self, process: "subprocess.Popen[bytes]") -> None:
        while True:
            try:
                process.wait(0.1)
            except subprocess.TimeoutExpired:
                pass
            else:
                break
            if time.monotonic() - self._began > self.seconds:
                raise Unprocessable("git_timeout", f"git took longer than {self.seconds:.0f} s; try a smaller one.")
            self._require_small()
        self._require_small()

    def _require_small(self) -> None:
        if _size(self.target) > MAX_BYTES:
            raise Unprocessable(
                "too_large", f"The repository has more than {MAX_BYTES // 1024**2} MiB; send the project's folder."
            )


def _settings(scheme: str) -> list[str]:
    """A repository's own configuration can run programs; a fresh one has none, and these close what is left."""
    values = {
        "core.hooksPath": os.devnull,
        "core.fsmonitor": "false",
        "core.longpaths": "true",
        "protocol.allow": "never",
        "protocol.ext.allow": "never",
        f"protocol.{scheme}.allow": "always",
        "submodule.recurse": "false",
        "fetch.recurseSubmodules": "false",
        "transfer.fsckObjects": "true",
        "http.followRedirects": "initial",
        "credential.helper": "",
        "advice.detachedHead": "false",
    }
    return [word for key, value in values.items() for word in ("-c", f"{key}={value}")]


def _environment(home: Path) -> dict[str, str]:
    return {name: os.environ[name] for name in _PASSED if name in os.environ} | {
        "HOME": str(home),
        "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "",
        "SSH_ASKPASS": "",
        "GIT_LFS_SKIP_SMUDGE": "1",
        "GIT_SSH_COMMAND": "ssh -oBatchMode=yes -oConnectTimeout=15 -oClearAllForwardings=yes",
        "GIT_HTTP_LOW_SPEED_LIMIT": "1000",
        "GIT_HTTP_LOW_SPEED_TIME": "30",
    }


def _size(folder: Path) -> int:
    total = 0
    for path, _, names in os.walk(folder):
        for name in names:
            try:
                total += (Path(path) / name).lstat().st_size
            except FileNotFoundError:  # git renames its files while it works
                continue
    return total


def _last_line(text: str) -> str:
    """Without any name and password that an address in it may have."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    return _LINK_IN_TEXT.sub(r"\1", lines[-1] if lines else "no reason given")[:500]
