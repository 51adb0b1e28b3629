"""The portal's client is generated from `frontend/openapi.json`."""

from collections import Counter
from pathlib import Path

from app.main import create_app
from app.openapi import document
from app.settings import Settings

COMMITTED = Path(__file__).resolve().parents[2] / "frontend" / "openapi.json"


def test_the_committed_document_is_the_apis() -> None:
    hint = "run `npm run generate` in frontend/, which renews the document and the client made from it"
    assert COMMITTED.read_text(encoding="utf-8") == document(), hint


def test_every_operation_has_a_name_of_its_own() -> None:
    paths = create_app(Settings(_env_file=None)).openapi()["paths"]
    names = Counter(operation["operationId"] for methods in paths.values() for operation in methods.values())
    assert [name for name, count in names.items() if count > 1] == []
