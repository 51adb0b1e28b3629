"""The entry point of a capsule: runs what is pinned in it, then says whether it came to the same.

`mlflow run` starts it in the capsule's folder, as `python reproduce.py [INPUT=PATH ...]`. It knows MLflow and the
standard library, and nothing of the platform that the capsule came from.
"""

import datetime
import hashlib
import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

try:
    from verdict import DIFFERS, Left, judge  # type: ignore[import-not-found]  # beside it in the capsule
except ImportError:
    from proteinx.client.reproduction.verdict import DIFFERS, Left, judge

HERE = Path(__file__).resolve().parent
TAG = "reproduces"


def main() -> int:
    """0 if the result is the same, bit for bit or within tolerance; else 1, or what the code itself ended with."""
    pins: dict[str, Any] = json.loads((HERE / "capsule.json").read_text(encoding="utf-8"))
    inputs = {name: HERE / pinned["path"] for name, pinned in pins["inputs"].items() if pinned["path"]}
    inputs |= {name: Path(path).resolve() for name, _, path in (word.partition("=") for word in sys.argv[1:])}
    problem = _wrong_input(pins, inputs)
    if problem:
        print(problem, file=sys.stderr)
        return 1
    outputs = HERE / "outputs" / f"{datetime.datetime.now():%Y-%m-%d_%H-%M-%S}"
    (outputs / "results").mkdir(parents=True)
    code = _execute(pins, inputs, outputs)
    if code:
        print(f"the code ended with {code}", file=sys.stderr)
        return code
    return _compare(pins, outputs / "results")


def _wrong_input(pins: dict[str, Any], inputs: dict[str, Path]) -> str:
    for name, pinned in pins["inputs"].items():
        path, reference = inputs.get(name), pinned["reference"]
        if path is None or not path.exists():
            return f"{name}: {path} is not there. Give the file or folder of {reference}: -P {name}=PATH"
        found, wanted = digests(path), dict(pinned["files"])
        # one file may be called otherwise now
        is_same = set(found.values()) == set(wanted.values()) if path.is_file() else found == wanted
        if not is_same:
            return f"{name}: {path} is not what the job had: its SHA-256 is another than {reference}'s."
    return ""


def digests(path: Path) -> dict[str, str]:
    """SHA-256 of each file by its path; of one file, by its name."""
    if path.is_file():
        return {path.name: _sha256(path)}
    return {one.relative_to(path).as_posix(): _sha256(one) for one in sorted(path.rglob("*")) if one.is_file()}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _execute(pins: dict[str, Any], inputs: dict[str, Path], outputs: Path) -> int:
    command: str = pins["command"]
    for name, path in inputs.items():
        command = command.replace(pins["placeholder"].format(name), shlex.quote(str(path)))
    folder = HERE / "code" / pins["project_path"]
    print(f"cd {folder}\n{command}", flush=True)
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PROTEINX_")} | {
        **pins["environment"],
        "PROTEINX_OUTPUT_DIR": str(outputs / "results"),
        "PROTEINX_CHECKPOINT_DIR": str(outputs / "checkpoints"),
        "MLFLOW_TRACKING_URI": _absolute(os.environ.get("MLFLOW_TRACKING_URI", "")),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
    }
    return subprocess.run(["bash", "-c", command], cwd=folder, env=environment, check=False).returncode


def _absolute(uri: str) -> str:
    """A database given by a relative path is another one in the code's own folder."""
    if uri.startswith("sqlite:///") and not uri.startswith("sqlite:////"):
        return f"sqlite:////{Path(uri.removeprefix('sqlite:///')).resolve().as_posix().lstrip('/')}"
    return uri or f"sqlite:///{HERE / 'mlflow.db'}"


def _compare(pins: dict[str, Any], results: Path) -> int:
    import mlflow

    mlflow.set_tracking_uri(_absolute(os.environ.get("MLFLOW_TRACKING_URI", "")))
    client = mlflow.MlflowClient()
    run = client.get_run(os.environ["MLFLOW_RUN_ID"])
    metrics = {
        name: [(point.step, point.value) for point in client.get_metric_history(run.info.run_id, name)]
        for name in run.data.metrics
        if not name.startswith("system/")
    }
    files = digests(results) | {f"model/{path}": digest for path, digest in _model(client, run)}
    told = judge(Left(pins["expected"]["metrics"], pins["expected"]["files"]), Left(metrics, files))
    print(f"{told.verdict}: {told.compared} metrics and files compared with job {pins['job']}")
    for line in told.differences:
        print(f"  {line}")
    client.set_tag(run.info.run_id, TAG, pins["job"])
    client.set_tag(run.info.run_id, f"{TAG}.verdict", told.verdict)
    return 1 if told.verdict == DIFFERS else 0


def _model(client: Any, run: Any) -> Iterator[tuple[str, str]]:
    import mlflow

    order = [{"field_name": "creation_time", "ascending": False}]
    condition = f"source_run_id = '{run.info.run_id}'"
    found = client.search_logged_models(
        [run.info.experiment_id], filter_string=condition, order_by=order, max_results=1
    )
    for model in found:
        yield from digests(Path(mlflow.artifacts.download_artifacts(f"models:/{model.model_id}"))).items()


if __name__ == "__main__":
    sys.exit(main())
