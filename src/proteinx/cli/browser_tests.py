"""`px test --browser`: what it needs beyond Python, installed where that may be done, named where it may not."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

from proteinx.cli.exits import CommandError
from proteinx.cli.output import note
from proteinx.cli.portal_build import Portal

CHROMIUM: Final = "PROTEINX_CHROMIUM"
_NAMES: Final = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_PACKAGES: Final = ("chromium", "fonts-noto-cjk", "nginx-light")
_CHECKS: Final = (("run", "types"), ("run", "lint"), ("run", "test"), ("run", "size"))


def prepare(root: Path) -> dict[str, str]:
    """Builds and checks the portal and finds a browser; the environment that the tests need. Raises CommandError."""
    chromium = find_chromium() or _install()
    portal = Portal(root)
    if not portal.is_current():
        portal.build(note)
    note("Checking the portal: types, style, unit tests, sizes ...")
    portal.with_developers_packages(note)
    for check in _CHECKS:
        portal.npm(*check)
    return {CHROMIUM: chromium}


def find_chromium() -> str | None:
    return os.environ.get(CHROMIUM) or next((path for name in _NAMES if (path := shutil.which(name))), None)


def _install() -> str:
    apt = shutil.which("apt-get")
    if apt is None or not hasattr(os, "geteuid") or os.geteuid() != 0:
        raise CommandError(
            "The browser tests need Chromium and Chinese fonts. On Debian and Ubuntu, as root: "
            f"apt-get install {' '.join(_PACKAGES)}; or name a Chromium or Chrome by {CHROMIUM}."
        )
    note(f"Installing {' and '.join(_PACKAGES)} ...")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in ([apt, "update"], [apt, "install", "-y", "--no-install-recommends", *_PACKAGES]):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise CommandError(f"{' '.join(command)} failed: {done.stderr.strip()[-500:]}")
    found = find_chromium()
    if found is None:
        raise CommandError(f"apt-get installed {_PACKAGES[0]}, but it is not to be found; name it by {CHROMIUM}.")
    return found
