"""One request, one answer."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml
from hydra import initialize_config_dir
from hydra.errors import HydraException
from omegaconf.errors import OmegaConfBaseException

from app.projects.composer import checking, form, words
from app.projects.composer.confinement import confine, refuse_search_path, uses_config_store
from app.projects.composer.refusal import NeedsCodeError, RefusedError, brief

MAX_ANSWER: Final = 4 * 1024 * 1024


def answer(request: Mapping[str, Any]) -> bytes:
    """JSON: what was composed, `error`, or `needs_code`. This process can't be used for another snapshot after it."""
    try:
        found = _compose(request)
    except RefusedError as refused:
        found = {"error": refused.body}
    except NeedsCodeError:
        found = {"needs_code": True}
    text = json.dumps(found).encode()
    if len(text) > MAX_ANSWER:
        body = {"code": "config_too_large", "detail": "The composed config is larger than 4 MB."}
        text = json.dumps({"error": body}).encode()
    return text


def _compose(request: Mapping[str, Any]) -> dict[str, Any]:
    root, config_dir, name = Path(request["root"]), Path(request["config_dir"]), request["config_name"]
    read = words.read(request["words"], request["inputs"])
    with initialize_config_dir(config_dir=str(config_dir), version_base=request["version_base"] or "1.1"):
        confine(root)
        try:
            refuse_search_path(config_dir, name)
            if request["mode"] == "form":
                return form.describe(config_dir, name, read)
            return checking.check(name, read)
        except (HydraException, OmegaConfBaseException, yaml.YAMLError, OSError) as error:
            if uses_config_store(root):
                raise NeedsCodeError from error
            raise RefusedError("bad_config", f"The project's config can't be composed: {brief(error)}") from error
