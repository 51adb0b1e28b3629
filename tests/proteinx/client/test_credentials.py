import os
import stat
from pathlib import Path

import pytest

from proteinx.client import credentials
from proteinx.client.credentials import Credentials, NotSignedIn

STORED = Credentials(url="http://lab:8000", token="px_u_stored", token_id="1", name="ana")


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROTEINX_CONFIG_DIR", str(tmp_path / "config"))
    for name in ("PROTEINX_URL", "PROTEINX_TOKEN"):
        monkeypatch.delenv(name, raising=False)


def test_nothing_stored_says_how_to_sign_in() -> None:
    with pytest.raises(NotSignedIn, match="px login"):
        credentials.load()


def test_stored_is_found_again_and_private() -> None:
    path = credentials.save(STORED)
    assert credentials.load() == STORED
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [item.name for item in path.parent.iterdir()] == ["credentials.json"]


def test_environment_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    credentials.save(STORED)
    monkeypatch.setenv("PROTEINX_TOKEN", "px_u_env")
    assert credentials.load() == Credentials(url=STORED.url, token="px_u_env")
    monkeypatch.setenv("PROTEINX_URL", "http://other:1")
    assert credentials.load() == Credentials(url="http://other:1", token="px_u_env")


def test_a_stored_token_never_goes_to_another_master(monkeypatch: pytest.MonkeyPatch) -> None:
    credentials.save(STORED)
    monkeypatch.setenv("PROTEINX_URL", "http://evil:1")
    with pytest.raises(NotSignedIn):
        credentials.load()


def test_forgetting_says_whether_there_was_something() -> None:
    assert not credentials.forget()
    credentials.save(STORED)
    assert credentials.forget()
    assert not credentials.stored_path().exists()


def test_damage_is_told_with_what_to_do() -> None:
    path = credentials.save(STORED)
    path.write_text("{")
    with pytest.raises(ValueError, match=r"damaged; delete it"):
        credentials.load()


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_unreadable_folder_is_no_silence(tmp_path: Path) -> None:
    credentials.save(STORED)
    credentials.stored_path().chmod(0)
    with pytest.raises(PermissionError):
        credentials.load()
