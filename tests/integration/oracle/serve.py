"""Answers with the length of a sequence times the model's number, by the platform's calls and the standard library.

Some sequences are orders: WAIT and a number of As takes so many tenths of a second, DIE kills the process.
"""

import json
import os
import signal
import sys
import time
import urllib.request
from pathlib import Path

scale = json.loads((Path(sys.argv[1]) / "scale.json").read_text())
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
        if one["sequence"].startswith("WAIT"):
            print("waiting", flush=True)
            time.sleep(len(one["sequence"]) / 10 - 0.4)
        if one["sequence"] == "DIE":
            os.kill(os.getpid(), signal.SIGKILL)
    columns = {
        "id": [one["id"] for one in asked["sequences"]],
        "prediction": [len(one["sequence"]) * scale for one in asked["sequences"]],
    }
    call("replies", {"id": asked["id"], "columns": columns, "milliseconds": 0.0})
print(f"ends: {told['reason']}", flush=True)
