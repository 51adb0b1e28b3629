"""Somebody's own machine, with nothing but the light packages."""

import json
import subprocess
import textwrap
from pathlib import Path
from typing import Any

from tests.integration.harness import Lab
from tests.integration.processes import clean_environment


class Notebook:
    """The light environment, signed in as `px login` leaves it."""

    def __init__(self, python: Path, lab: Lab, folder: Path) -> None:
        self.python = python
        self.folder = folder
        config = folder / "config"
        config.mkdir()
        (config / "credentials.json").write_text(json.dumps({"url": lab.master.url, "token": lab.member_token}))
        self.environment = clean_environment(PROTEINX_CONFIG_DIR=str(config), HOME=str(folder))
        del self.environment["PYTHONPATH"]

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [str(self.python), *arguments],
            cwd=self.folder,
            env=self.environment | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, code: int = 0, **environment: str) -> tuple[str, str]:
        process = self.start(*arguments, **environment)
        out, err = process.communicate(timeout=300)
        assert process.returncode == code, f"{process.returncode}\n{out}\n{err}"
        return out, err

    def mlflow_run(self, *arguments: str, code: int = 0, **environment: str) -> tuple[str, str]:
        return self.run("-m", "mlflow", "run", "sums", "-b", "proteinx", *arguments, code=code, **environment)

    def script(self, text: str, *arguments: str, code: int = 0) -> Any:
        """Runs Python there; the last line that it prints is JSON."""
        out, _ = self.run("-c", textwrap.dedent(text), *arguments, code=code)
        return json.loads(out.splitlines()[-1])
