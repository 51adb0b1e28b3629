"""Logs a model of one number, by which serve.py multiplies the length of a sequence."""

import json
import os
import sys
from pathlib import Path

from mlflow import MlflowClient

folder = Path(os.environ["TMPDIR"]) / "model"
folder.mkdir()
(folder / "scale.json").write_text(json.dumps(float(sys.argv[1])))
client = MlflowClient()
model = client.create_logged_model(
    os.environ["MLFLOW_EXPERIMENT_ID"], name="model", source_run_id=os.environ["PROTEINX_RUN_ID"]
)
client.log_model_artifacts(model.model_id, str(folder))
client.finalize_logged_model(model.model_id, "READY")
print("logged", flush=True)
