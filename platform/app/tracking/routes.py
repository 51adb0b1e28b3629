"""Every call to MLflow that passes the proxy, and the rule it falls under. What is not here stays closed.

Left out on purpose: webhooks, gateway, server-side jobs, scorers' runs, prompt optimisation, the assistant, presigned
and multipart uploads, workspaces, anything that writes traces: the server would fetch, run or send something, or
nothing here uses it.
"""

import re
from dataclasses import dataclass
from typing import Final

from app.errors import NotFound
from app.tracking import rights
from app.tracking.rights import Rule

_API: Final = r"/(?:ajax-)?api"
_VARIABLE: Final = re.compile(r"\{(\w+)(:path)?\}")


@dataclass(frozen=True, slots=True)
class Route:
    methods: frozenset[str]
    pattern: re.Pattern[str]
    rule: Rule
    is_file: bool = False
    """Carries an artifact's bytes: shown to no browser as a page of ours."""
    streams: bool = False
    """MLflow has a streaming handler for it, without the prefix; under the prefix it would hold the file in memory."""


def _route(methods: str, template: str, rule: Rule, *, is_file: bool = False, streams: bool = False) -> Route:
    names = frozenset(methods.split()) | (frozenset({"HEAD"}) if "GET" in methods else frozenset())
    prefix = _API if template[0].isdecimal() else ""
    pattern, position = "", 0
    for found in _VARIABLE.finditer(template):
        pattern += re.escape(template[position : found.start()])
        pattern += rf"(?P<{found[1]}>{'.+' if found[2] else '[^/]+'})"
        position = found.end()
    pattern += re.escape(template[position:])
    separator = "/" if prefix else ""
    return Route(names, re.compile(prefix + separator + pattern), rule, is_file, streams)


_FILES: Final = "2.0/mlflow-artifacts/artifacts"
_MLFLOW: Final = "2.0/mlflow"

ROUTES: Final = (
    # the UI and what says which server this is
    _route("GET", "/", rights.Read()),
    _route("GET", "/static-files/{path:path}", rights.Read()),
    _route("GET", "/version", rights.ReadAny()),
    _route("GET", "/health", rights.ReadAny()),
    _route("GET", "3.0/mlflow/server-info", rights.ReadAny()),
    _route("GET", "3.0/mlflow/ui-telemetry", rights.Read()),
    _route("POST", "/graphql", rights.Read()),  # its queries and its two mutations only read
    # experiments
    _route("GET POST", f"{_MLFLOW}/experiments/search", rights.Read()),
    _route("GET", f"{_MLFLOW}/experiments/get", rights.ReadExperiment()),
    _route("GET", f"{_MLFLOW}/experiments/get-by-name", rights.ReadExperiment()),
    _route("POST", f"{_MLFLOW}/experiments/search-datasets", rights.Read()),
    _route("POST", f"{_MLFLOW}/experiments/create", rights.CreateExperiment()),
    _route("POST", f"{_MLFLOW}/experiments/set-experiment-tag", rights.TagExperiment()),
    _route("POST", f"{_MLFLOW}/experiments/delete-experiment-tag", rights.TagExperiment()),
    _route("POST", f"{_MLFLOW}/experiments/update", rights.Administer()),
    _route("POST", f"{_MLFLOW}/experiments/delete", rights.Administer()),
    _route("POST", f"{_MLFLOW}/experiments/restore", rights.Administer()),
    # runs
    _route("POST", f"{_MLFLOW}/runs/search", rights.SearchExperiment()),
    _route("GET", f"{_MLFLOW}/runs/get", rights.ReadRun()),
    _route("GET", f"{_MLFLOW}/metrics/get-history", rights.ReadRun()),
    _route("GET", f"{_MLFLOW}/metrics/get-history-bulk", rights.Read()),
    _route("GET", f"{_MLFLOW}/metrics/get-history-bulk-interval", rights.Read()),
    _route("POST", f"{_MLFLOW}/runs/create", rights.CreateRun()),
    _route("POST", f"{_MLFLOW}/runs/update", rights.UpdateRun()),
    _route("POST", f"{_MLFLOW}/runs/delete", rights.DeleteRun()),
    _route("POST", f"{_MLFLOW}/runs/restore", rights.DeleteRun()),
    _route("POST", f"{_MLFLOW}/runs/log-batch", rights.ChangeRun()),
    _route("POST", f"{_MLFLOW}/runs/log-metric", rights.ChangeRun()),
    _route("POST", f"{_MLFLOW}/runs/log-parameter", rights.ChangeRun()),
    _route("POST", f"{_MLFLOW}/runs/log-inputs", rights.ChangeRun()),
    _route("POST", f"{_MLFLOW}/runs/log-model", rights.ChangeRun()),
    _route("POST", f"{_MLFLOW}/runs/outputs", rights.ChangeRun()),
    _route("POST", f"{_MLFLOW}/runs/set-tag", rights.ChangeRun()),
    _route("POST", f"{_MLFLOW}/runs/delete-tag", rights.ChangeRun()),
    # logged models
    _route("POST", f"{_MLFLOW}/logged-models/search", rights.SearchExperiment()),
    _route("POST", f"{_MLFLOW}/logged-models", rights.CreateLoggedModel()),
    _route("GET", f"{_MLFLOW}/logged-models/{{model_id}}", rights.ReadLoggedModel()),
    _route("PATCH", f"{_MLFLOW}/logged-models/{{model_id}}", rights.ChangeLoggedModel()),
    _route("DELETE", f"{_MLFLOW}/logged-models/{{model_id}}", rights.DeleteLoggedModel()),
    _route("POST", f"{_MLFLOW}/logged-models/{{model_id}}/params", rights.ChangeLoggedModel()),
    _route("PATCH", f"{_MLFLOW}/logged-models/{{model_id}}/tags", rights.ChangeLoggedModel()),
    _route("DELETE", f"{_MLFLOW}/logged-models/{{model_id}}/tags/{{tag_key}}", rights.ChangeLoggedModel()),
    _route("GET", f"{_MLFLOW}/logged-models/{{model_id}}/artifacts/directories", rights.ReadLoggedModel()),
    _route("GET", f"{_MLFLOW}/logged-models/{{model_id}}/artifacts/files", rights.ReadLoggedModel(), is_file=True),
    # the registry
    _route("GET", f"{_MLFLOW}/registered-models/search", rights.ReadAny()),
    _route("GET", f"{_MLFLOW}/registered-models/get", rights.ReadAny()),
    _route("GET POST", f"{_MLFLOW}/registered-models/get-latest-versions", rights.ReadAny()),
    _route("GET", f"{_MLFLOW}/registered-models/alias", rights.ReadAny()),
    _route("POST", f"{_MLFLOW}/registered-models/create", rights.CreateRegisteredModel()),
    _route("POST", f"{_MLFLOW}/registered-models/rename", rights.ChangeRegisteredModel()),
    _route("PATCH", f"{_MLFLOW}/registered-models/update", rights.ChangeRegisteredModel()),
    _route("DELETE", f"{_MLFLOW}/registered-models/delete", rights.ChangeRegisteredModel()),
    _route("POST", f"{_MLFLOW}/registered-models/set-tag", rights.ChangeRegisteredModel()),
    _route("DELETE", f"{_MLFLOW}/registered-models/delete-tag", rights.ChangeRegisteredModel()),
    _route("POST DELETE", f"{_MLFLOW}/registered-models/alias", rights.ChangeAlias()),
    _route("GET", f"{_MLFLOW}/model-versions/search", rights.ReadAny()),
    _route("GET", f"{_MLFLOW}/model-versions/get", rights.ReadAny()),
    _route("GET", f"{_MLFLOW}/model-versions/get-download-uri", rights.ReadAny()),
    _route("POST", f"{_MLFLOW}/model-versions/create", rights.CreateModelVersion()),
    _route("PATCH", f"{_MLFLOW}/model-versions/update", rights.ChangeRegisteredModel()),
    _route("DELETE", f"{_MLFLOW}/model-versions/delete", rights.ChangeRegisteredModel()),
    _route("POST", f"{_MLFLOW}/model-versions/set-tag", rights.ChangeRegisteredModel()),
    _route("DELETE", f"{_MLFLOW}/model-versions/delete-tag", rights.ChangeRegisteredModel()),
    _route("POST", f"{_MLFLOW}/model-versions/transition-stage", rights.ChangeRegisteredModel()),
    # artifacts
    _route("GET", f"{_MLFLOW}/artifacts/list", rights.ReadRun()),
    _route("GET", "/get-artifact", rights.ReadRun(), is_file=True),
    _route("GET", "/model-versions/get-artifact", rights.Read(), is_file=True),
    _route("POST", f"{_MLFLOW}/upload-artifact", rights.UploadToRun()),
    _route("GET", _FILES, rights.ReadArtifact()),
    _route("GET", f"{_FILES}/{{artifact_path:path}}", rights.ReadArtifact(), is_file=True, streams=True),
    _route("PUT", f"{_FILES}/{{artifact_path:path}}", rights.WriteArtifact(), streams=True),
    _route("DELETE", f"{_FILES}/{{artifact_path:path}}", rights.DeleteArtifact()),
    # what the UI's other pages read
    _route("POST", "3.0/mlflow/traces/search", rights.Read()),
    _route("POST", "3.0/mlflow/traces/batchGetInfos", rights.Read()),
    _route("POST", "3.0/mlflow/traces/metrics", rights.Read()),
    _route("GET", "3.0/mlflow/traces/get", rights.Read()),
    _route("GET", "3.0/mlflow/traces/{trace_id}", rights.Read()),
    _route("GET", f"{_MLFLOW}/traces", rights.Read()),
    _route("GET", f"{_MLFLOW}/traces/{{trace_id}}/info", rights.Read()),
    _route("GET", f"{_MLFLOW}/get-trace-artifact", rights.Read(), is_file=True),
    _route("GET", "3.0/mlflow/get-trace-artifact", rights.Read(), is_file=True),
    _route("GET POST", "3.0/mlflow/datasets/search", rights.Read()),
    _route("POST", "3.0/mlflow/issues/search", rights.Read()),
    _route("GET", "3.0/mlflow/scorers/list", rights.Read()),
)


def find(method: str, path: str) -> tuple[Route, dict[str, str]]:
    """The route and the variables of its template. Raises NotFound for what is closed."""
    for route in ROUTES:
        if method in route.methods and (match := route.pattern.fullmatch(path)):
            return route, match.groupdict()
    raise NotFound("not_served", "This part of MLflow is not served here.")
