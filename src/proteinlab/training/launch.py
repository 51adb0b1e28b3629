"""What surrounds a run: the command line, one-line errors and exit codes.

Imported before anything heavy, so that a script says its first word at once.
"""

import contextlib
import os
import re
import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import NoReturn

from hydra.errors import HydraException, InstantiationException
from omegaconf.errors import OmegaConfBaseException

from proteinlab.biodata.errors import DataError
from proteinlab.training.errors import Terminated, UserError

EXIT_USER_ERROR = 2
EXIT_TERMINATED = 143  # 128 + SIGTERM, what a shell shows for a process that a signal ended

# Values that MLflow hands over as they are, whatever characters the path holds.
_PATH_KEYS = ("data.path", "model.path", "wild_type.path", "train.path", "first.path", "second.path")
_QUOTED = re.compile(r"""^(['"]).*\1$""", re.DOTALL)


def expand_arguments(arguments: Sequence[str]) -> list[str]:
    """Make Hydra overrides of what an MLproject command passes.

    MLflow gives each parameter as one token, so `overrides=a=1 b=2` is split here as a shell would, and
    the values of paths are quoted for Hydra's grammar, which knows neither commas nor Chinese in a bare word.
    Raises UserError bad_overrides.
    """
    expanded: list[str] = []
    for argument in arguments:
        key, sign, value = argument.partition("=")
        if key == "overrides" and sign:
            expanded += _split(value)
        elif key in _PATH_KEYS and sign and not _QUOTED.match(value):
            expanded.append(f"{key}={_quote(value)}")
        else:
            expanded.append(argument)
    return expanded


def _split(overrides: str) -> list[str]:
    try:
        return shlex.split(overrides)
    except ValueError as error:
        detail = f"The overrides cannot be split: {error}. Close the quotation in: {overrides}"
        raise UserError("bad_overrides", detail) from error


def _quote(value: str) -> str:
    """A string of Hydra's grammar: a quote is escaped, and so is a backslash before one or at the end."""
    escaped = re.sub(r"(\\*)('|$)", lambda hit: hit[1] * 2 + ("\\'" if hit[2] else ""), value)
    return f"'{escaped}'"


def run(main: Callable[[], None]) -> None:
    """Run a `hydra.main` function, the arguments expanded where Hydra and the processes of DDP read them."""
    # Errors of config come out of `main` instead of being printed by Hydra, and a bug keeps its traceback.
    os.environ["HYDRA_FULL_ERROR"] = "1"
    with reported():
        sys.argv[1:] = expand_arguments(sys.argv[1:])
        main()


@contextlib.contextmanager
def reported() -> Iterator[None]:
    """Turn a user's error into one line on stderr and exit code 2, and SIGTERM into exit code 143."""
    try:
        yield
    except (UserError, DataError) as error:
        _fail(error.code, str(error))
    except (HydraException, OmegaConfBaseException) as error:
        if isinstance(error, InstantiationException):  # a constructor's own failure needs its traceback
            raise
        _fail("bad_config", " ".join(str(error).split()))
    except Terminated as stop:
        print(f"stopped by SIGTERM: {stop}", file=sys.stderr, flush=True)
        raise SystemExit(EXIT_TERMINATED) from None


def _fail(code: str, detail: str) -> NoReturn:
    print(f"error: {code}: {detail}", file=sys.stderr, flush=True)
    raise SystemExit(EXIT_USER_ERROR) from None
