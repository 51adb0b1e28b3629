"""The notebook of the docs, cell by cell, in a kernel of its own, against a real lab."""

import json
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from tests import light
from tests.integration.harness import Agent, Lab
from tests.integration.processes import ROOT, clean_environment

FOLDER = ROOT / "docs" / "notebooks"


@pytest.fixture
def kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A kernel where the client without extras is installed, and what a notebook brings itself."""
    python = light.make(tmp_path, "ipykernel", "pandas")
    place = tmp_path / "share" / "jupyter" / "kernels" / "light"
    place.mkdir(parents=True)
    command = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (place / "kernel.json").write_text(json.dumps({"argv": command, "display_name": "light", "language": "python"}))
    monkeypatch.setenv("JUPYTER_PATH", str(place.parents[1]))
    return place.name


@pytest.mark.parametrize("name", sorted(path.name for path in FOLDER.glob("*.ipynb")))
def test_the_notebook_runs(lab: Lab, resident: Agent, name: str, kernel: str, tmp_path: Path) -> None:
    notebook = nbformat.read(FOLDER / name, as_version=4)
    signed_in = {"PROTEINX_URL": lab.master.url, "PROTEINX_TOKEN": lab.member_token}
    environment = clean_environment(**signed_in, JUPYTER_RUNTIME_DIR=str(tmp_path), IPYTHONDIR=str(tmp_path))
    del environment["PYTHONPATH"]
    resources = {"metadata": {"path": str(FOLDER)}}
    NotebookClient(notebook, timeout=300, kernel_name=kernel, resources=resources).execute(env=environment)
    shown = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert "-- succeeded" in _text(shown)
    tables = [output["data"]["text/html"] for output in shown if "text/html" in output.get("data", {})]
    assert "online" in tables[0]
    assert any("notebook-ridge" in table and "notebook-cnn" in table for table in tables)
    assert "prediction" in tables[-1]


@pytest.mark.parametrize("name", sorted(path.name for path in FOLDER.glob("*.ipynb")))
def test_it_is_kept_without_outputs(name: str) -> None:
    notebook = nbformat.read(FOLDER / name, as_version=4)
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in notebook.cells)


def _text(outputs: list) -> str:
    return "".join(output.get("text", "") for output in outputs)
