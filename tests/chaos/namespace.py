"""A worker in a network of its own, with one cable to the rest of the machine: a cut link is a cut link."""

import os
import subprocess
from itertools import count

from tests.chaos.link import Link

_numbers = count(1)


class NamespaceLink(Link):
    """Raises OSError where this user or machine can make no network namespace. The proxy sits at the near end of the
    cable, so that what only a proxy can do (tear, lose a reply) works too."""

    real = True

    def __init__(self, target_port: int) -> None:
        number = next(_numbers)
        self._name = f"px-chaos-{os.getpid()}-{number}"
        self._cable = f"px{os.getpid() % 100_000}n{number}"
        near, far = (f"10.213.{os.getpid() % 250}.{4 * number + end}" for end in (1, 2))
        try:
            _run("netns", "add", self._name)
            _run("link", "add", self._cable, "type", "veth", "peer", "name", "far", "netns", self._name)
            _run("addr", "add", f"{near}/30", "dev", self._cable)
            _run("link", "set", self._cable, "up")
            _run("-n", self._name, "addr", "add", f"{far}/30", "dev", "far")
            for device in ("lo", "far"):
                _run("-n", self._name, "link", "set", device, "up")
            super().__init__(target_port, near)
        except OSError:
            self._remove()
            raise
        self.within = ["ip", "netns", "exec", self._name]

    def cut(self) -> None:
        _run("link", "set", self._cable, "down")

    def heal(self) -> None:
        _run("link", "set", self._cable, "up")

    def close(self) -> None:
        super().close()
        self._remove()

    def _remove(self) -> None:
        """With the namespace goes its end of the cable, and with that the cable."""
        subprocess.run(["ip", "netns", "del", self._name], capture_output=True, check=False)


def _run(*arguments: str) -> None:
    try:
        subprocess.run(["ip", *arguments], capture_output=True, check=True)
    except subprocess.CalledProcessError as error:
        raise OSError(error.stderr.decode(errors="replace").strip()) from error
