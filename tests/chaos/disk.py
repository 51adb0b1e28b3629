"""A worker's disk, small enough to be filled in a moment: a file system of its own in memory, where one may mount."""

import errno
import subprocess
from pathlib import Path

SIZE = 96 * 1024 * 1024


class Disk:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=700", "proteinx-chaos", str(folder)]
        self.mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0

    def fill(self) -> None:
        """To the last byte. Only where it is a disk of its own."""
        assert self.mounted
        with self._ballast.open("ab", buffering=0) as file:
            for size in (1024 * 1024, 4096, 1):
                try:
                    while True:
                        file.write(bytes(size))
                except OSError as error:
                    if error.errno != errno.ENOSPC:
                        raise

    def free(self) -> None:
        self._ballast.unlink(missing_ok=True)

    def close(self) -> None:
        if self.mounted:
            subprocess.run(["umount", "--lazy", str(self.folder)], check=True)
            self.mounted = False

    @property
    def _ballast(self) -> Path:
        return self.folder / "ballast"
