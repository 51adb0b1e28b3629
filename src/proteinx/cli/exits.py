"""Exit codes, and the one place that turns an error into a sentence and a code."""

import sys
from enum import IntEnum

from proteinx.contracts.states import JobState


class Exit(IntEnum):
    OK = 0
    FAILED = 1
    """The master refused, something broke, or the followed job failed."""
    USAGE = 2
    """The command line is wrong."""
    CREDENTIALS = 3
    """Not signed in, or not allowed."""
    UNREACHABLE = 4
    """No master answers."""
    HELD = 5
    """The followed job is held until a person releases it."""
    INTERRUPTED = 130
    """Ctrl-C, or the followed job was cancelled."""


class CommandError(Exception):
    """Says in one sentence what is wrong and what to do."""

    def __init__(self, sentence: str, code: Exit = Exit.FAILED) -> None:
        super().__init__(sentence)
        self.code = code


OF_JOB = {
    JobState.SUCCEEDED: Exit.OK,
    JobState.FAILED: Exit.FAILED,
    JobState.CANCELLED: Exit.INTERRUPTED,
    JobState.CANCELLING: Exit.INTERRUPTED,
    JobState.HELD: Exit.HELD,
}


def explain(error: Exception) -> Exit | None:
    """Prints what a person needs to know of an expected error; None for one that is a fault of ours."""
    known = _known(error)
    if known is None:
        return None
    sentence, code = known
    print(f"px: {sentence}", file=sys.stderr)
    return code


def _known(error: Exception) -> tuple[str, Exit] | None:
    from proteinx.client.credentials import NotSignedIn
    from proteinx.client.errors import ApiError, MasterUnreachable
    from proteinx.client.explaining import sentence

    if isinstance(error, CommandError):
        return str(error), error.code
    told = sentence(error)
    if told is None:
        return None
    match error:
        case NotSignedIn() | ApiError(status=401 | 403):
            return told, Exit.CREDENTIALS
        case MasterUnreachable():
            return told, Exit.UNREACHABLE
    return told, Exit.FAILED
