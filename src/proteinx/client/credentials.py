"""Which master, and as whom: the environment first, then what `px login` stored."""

import os
import tempfile
from pathlib import Path

from platformdirs import user_config_path
from pydantic import BaseModel, ValidationError

URL_VARIABLE = "PROTEINX_URL"
TOKEN_VARIABLE = "PROTEINX_TOKEN"
CONFIG_VARIABLE = "PROTEINX_CONFIG_DIR"


class Credentials(BaseModel):
    url: str
    token: str
    token_id: str = ""
    name: str = ""


class NotSignedIn(Exception):
    def __init__(self) -> None:
        super().__init__(
            f"Not signed in: run `px login http://MASTER:8000`, or set {URL_VARIABLE} and {TOKEN_VARIABLE}."
        )


def stored_path() -> Path:
    folder = os.environ.get(CONFIG_VARIABLE)
    return (Path(folder) if folder else user_config_path("proteinx")) / "credentials.json"


def load() -> Credentials:
    """Raises NotSignedIn."""
    stored = _stored()
    url = os.environ.get(URL_VARIABLE) or (stored.url if stored else None)
    token = os.environ.get(TOKEN_VARIABLE)
    if token is None and stored is not None and stored.url == url:
        return stored  # a stored token is for its own master only
    if not url or not token:
        raise NotSignedIn
    return Credentials(url=url, token=token)


def save(credentials: Credentials) -> Path:
    """Readable by its owner only, from the first byte on."""
    path = stored_path()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(credentials.model_dump_json(indent=2))
    Path(temporary).replace(path)
    return path


def forget() -> bool:
    """Whether there was anything to forget."""
    existed = stored_path().exists()
    stored_path().unlink(missing_ok=True)
    return existed


def _stored() -> Credentials | None:
    try:
        return Credentials.model_validate_json(stored_path().read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except ValidationError as error:
        raise ValueError(f"{stored_path()} is damaged; delete it and run `px login` again.") from error
