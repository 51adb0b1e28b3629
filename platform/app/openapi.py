"""`python -m app.openapi`: prints the document that the portal's client is generated from (`frontend/openapi.json`).

It is the API's own document and what OpenAPI has no words for: the messages of `/api/live`, and the shape of errors.
"""

import json
from typing import Any

from pydantic.json_schema import models_json_schema

from app.main import create_app
from app.settings import Settings
from proteinx.contracts import live
from proteinx.contracts.errors import ErrorBody

SENT = (ErrorBody, live.LogMessage, live.JobMessage, live.NodeMessage, live.PingMessage, live.LiveError)
_REF = "#/components/schemas/{model}"


def document() -> str:
    told: dict[str, Any] = create_app(Settings(_env_file=None)).openapi()
    schemas: dict[str, Any] = told["components"]["schemas"]
    _, found = models_json_schema(
        [(live.Subscribe, "validation"), *((model, "serialization") for model in SENT)], ref_template=_REF
    )
    schemas |= found["$defs"]
    schemas["LiveMessage"] = {"oneOf": [{"$ref": _REF.format(model=model.__name__)} for model in SENT[1:]]}
    return json.dumps(told, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    print(document(), end="")
