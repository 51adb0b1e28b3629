"""Sends content as a client does: open, parts, complete."""

import hashlib
from pathlib import Path

from fastapi.testclient import TestClient

from proteinx.contracts import snapshot
from proteinx.contracts.protocol import HEADER_SHA256, PART_SIZE


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def open_upload(client: TestClient, data: bytes, **changes: object) -> dict:
    reply = client.post("/api/uploads", json={"sha256": sha(data), "size": len(data), **changes})
    assert reply.status_code == 200, reply.text
    return reply.json()


def put_part(client: TestClient, upload_id: str, number: int, part: bytes, **headers: str):
    sent = {HEADER_SHA256: sha(part), **headers}
    return client.put(f"/api/uploads/{upload_id}/parts/{number}", content=part, headers=sent)


def send(client: TestClient, data: bytes) -> str:
    """The id of the complete upload."""
    upload = open_upload(client, data)
    for number, start in enumerate(range(0, len(data), PART_SIZE)):
        if number not in upload["received"]:
            assert put_part(client, upload["id"], number, data[start : start + PART_SIZE]).status_code == 204
    reply = client.post(f"/api/uploads/{upload['id']}/complete")
    assert reply.status_code == 200, reply.text
    return upload["id"]


def ref(client: TestClient, path: str, data: bytes) -> dict:
    """Uploads the content and names it in a manifest."""
    send(client, data)
    return {"path": path, "sha256": sha(data), "size": len(data)}


def send_project(client: TestClient, name: str, folder: Path, scratch: Path):
    """Snapshots a folder and makes it the project's newest."""
    tree = snapshot.collect(folder)
    snapshot.pack(tree, scratch)
    body = {"upload_id": send(client, scratch.read_bytes()), "digest": snapshot.digest(tree)}
    return client.post(f"/api/projects/{name}/snapshots", json=body)
