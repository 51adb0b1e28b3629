"""The sentence that a person is told for an error that is expected; one truth for the command and the notebook."""

from proteinx.client.binding import BadInput
from proteinx.client.code_source import BadProject
from proteinx.client.credentials import NotSignedIn
from proteinx.client.errors import ApiError, MasterUnreachable, TransferError
from proteinx.client.reproduction.repeat import NotReproducible
from proteinx.client.sweep_plan import BadSweep
from proteinx.client.wishes import BadWish
from proteinx.contracts.mlproject import MLprojectError
from proteinx.contracts.paths import BadPathError
from proteinx.contracts.snapshot import SnapshotError


def sentence(error: BaseException) -> str | None:
    """None for an error that is a fault of ours, which must not be hidden."""
    told: str | None = None
    match error:
        case MasterUnreachable():
            told = f"{error.detail} Is it running (`px status`), and is the address right?"
        case ApiError(status=401):
            told = f"{error.detail} Sign in again with `px login`."
        case ApiError():
            told = f"{error.detail} [{error.code}]"
        case NotSignedIn() | BadInput() | BadProject() | BadWish() | BadSweep() | BadPathError() | NotReproducible():
            told = str(error)
        case TransferError() | LookupError() | SnapshotError() | MLprojectError() if error.args:
            told = str(error.args[0])
        case OSError():
            told = f"{error.filename}: {error.strerror or error}" if error.filename else str(error)
    return told
