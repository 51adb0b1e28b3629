"""The `px` command in this process, signed in at a lab's master."""

import contextlib
import io
import os
from unittest import mock

from proteinx.cli.app import run
from tests.integration.harness import Lab


def px(lab: Lab, *arguments: str, code: int = 0) -> tuple[str, str]:
    """What it wrote to stdout and stderr; it must end with `code`."""
    out, err = io.StringIO(), io.StringIO()
    signed_in = {"PROTEINX_URL": lab.master.url, "PROTEINX_TOKEN": lab.member_token}
    with (
        mock.patch.dict(os.environ, signed_in),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        ended = run(arguments)
    assert ended == code, f"{out.getvalue()}\n{err.getvalue()}"
    return out.getvalue(), err.getvalue()
