"""Answers with the length of a sequence times the model's number, by the platform's calls and the standard library.

The sequence WAIT is an order: it is answered once there is a file `go` in the temporary folder.
"""

import json
import os
import sys
import time
import urllib.request
from pathlib import Path

scale = json.loads((Path(sys.argv[1]) / "scale.json").read_text())
go = Path(os.environ["TMPDIR"]) / "go"
print(f"pid {os.getpid()}", flush=True)


def call(path: str, body: object = None) -> bytes:
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": "Bearer " + os.environ["MLFLOW_TRACKING_TOKEN"], "Content-Type": "application/json"}
    request = urllib.request.Request(f"{os.environ['PROTEINX_SERVING_URL']}/{path}", data, headers)
    with urllib.request.urlopen(request) as reply:
        return reply.read()


while not (told := json.loads(call("requests?wait=20")))["end"]:
    asked = told["request"]
    if asked is None:
        continue
    for one in asked["sequences"]:
        if one["sequence"] == "WAIT":
            print("waiting", flush=True)
            while not go.exists():
                time.sleep(0.02)
            go.unlink()
    columns = {
        "id": [one["id"] for one in asked["sequences"]],
        "prediction": [len(one["sequence"]) * scale for one in asked["sequences"]],
    }
    call("replies", {"id": asked["id"], "columns": columns, "milliseconds": 0.0})
print(f"ends: {told['reason']}", flush=True)
