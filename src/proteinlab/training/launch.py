"""What surrounds a run: the command line, one-line errors and exit codes.

Imported before anything heavy, so that a script says its first word at once.
"""

import contextlib
import re
import shlex
import sys
from collections.abc import Iterator, Sequence

from proteinlab.biodata.errors import DataError
from proteinlab.training.errors import Terminated, UserError

EXIT_USER_ERROR = 2
EXIT_TERMINATED = 143  # 128 + SIGTERM, what a shell shows for a process that a signal ended

# Values that MLflow hands over as they are, whatever characters the path holds.
_PATH_KEYS = ("data.path", "model.path")
_QUOTED = re.compile(r"""^(['"]).*\1$""", re.DOTALL)


def expand_arguments(arguments: Sequence[str]) -> list[str]:
    """Make Hydra overrides of what an MLproject command passes.

    MLflow gives each parameter as one token, so `overrides=a=1 b=2` is split here as a shell would, and
    the values of paths are quoted for Hydra's grammar, which knows neither commas nor Chinese in a bare word.
    """
    expanded: list[str] = []
    for argument in arguments:
        key, sign, value = argument.partition("=")
        if key == "overrides" and sign:
            expanded += shlex.split(value)
        elif key in _PATH_KEYS and sign and not _QUOTED.match(value):
            expanded.append(f"{key}={_quote(value)}")
        else:
            expanded.append(argument)
    return expanded


def _quote(value: str) -> str:
    """A string of Hydra's grammar: a quote is escaped, and so is a backslash before one or at the end."""
    escaped = re.sub(r"(\\*)('|$)", lambda hit: hit[1] * 2 + ("\\'" if hit[2] else ""), value)
    return f"'{escaped}'"


def prepare_arguments() -> None:
    """Put the expanded arguments into `sys.argv`, where Hydra and the processes of DDP read them.

    Exits with code 2 when `overrides` has an open quote.
    """
    try:
        sys.argv[1:] = expand_arguments(sys.argv[1:])
    except ValueError as error:
        _fail("bad_overrides", f"The overrides cannot be split: {error}. Close the quotation.")


@contextlib.contextmanager
def reported() -> Iterator[None]:
    """Turn a user's error into one line on stderr and exit code 2, and SIGTERM into exit code 143."""
    try:
        yield
    except (UserError, DataError) as error:
        _fail(error.code, str(error))
    except Terminated as stop:
        print(f"stopped by SIGTERM: {stop}", file=sys.stderr, flush=True)
        raise SystemExit(EXIT_TERMINATED) from None


def _fail(code: str, detail: str) -> None:
    print(f"error: {code}: {detail}", file=sys.stderr, flush=True)
    raise SystemExit(EXIT_USER_ERROR) from None
