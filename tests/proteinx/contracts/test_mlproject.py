"""Parsing and rendering, held against MLflow's own code."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from mlflow.projects import _project_spec

from proteinx.contracts.mlproject import MLprojectError, load, load_entry_point, parse, render

PROTEIN = """
name: protein
python_env: python_env.yaml
entry_points:
  main:
    parameters:
      data: path
      epochs: {type: float, default: 5}
      overrides: {type: string, default: ""}
      source: {type: uri, default: "https://example.org/x"}
    command: "PYTHONPATH=../../src python train.py data.path={data} epochs={epochs} o={overrides} {{x}}"
  predict:
    parameters: {model: path}
    command: python predict.py {model}
"""


def mlflow_command(text, name, parameters):
    declared = yaml.safe_load(text)["entry_points"][name]
    entry_point = _project_spec.EntryPoint(name, declared.get("parameters", {}), declared["command"])
    return entry_point.compute_command(parameters, None)


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("main", {"data": "a.csv"}),
        ("main", {"data": "数据 集/a b.csv", "overrides": "model=cnn 'note=\"a b\"'"}),
        ("main", {"data": "$(rm -rf /)", "epochs": "1e-3", "extra": "x y", "a b": ";"}),
        ("main", {"data": "a{b}c", "overrides": "x={y}"}),
        ("main", {"data": ""}),
        ("predict", {"model": "it's"}),
        ("predict", {"model": "m", "lr": "0.3"}),
    ],
)
def test_renders_as_mlflow(name, parameters):
    assert render(parse(PROTEIN).entry_points[name], parameters) == mlflow_command(PROTEIN, name, parameters)


@given(data=st.text(), overrides=st.text(), extra=st.dictionaries(st.text(), st.text(), max_size=3))
def test_renders_any_text_as_mlflow(data, overrides, extra):
    parameters = {**extra, "data": data, "overrides": overrides, "source": "s3://b/k", "epochs": "2"}
    assert render(parse(PROTEIN).entry_points["main"], parameters) == mlflow_command(PROTEIN, "main", parameters)


def test_defaults_and_inputs():
    entry_point = parse(PROTEIN).entry_points["main"]
    assert [parameter.name for parameter in entry_point.inputs] == ["data"]
    assert entry_point.parameters["epochs"].default == "5"
    assert entry_point.parameters["data"].default is None


@pytest.mark.parametrize(
    ("parameters", "code", "field"),
    [({}, "missing_parameter", "data"), ({"data": "x", "source": "no-uri"}, "wrong_type", "source")],
)
def test_errors_name_the_parameter(parameters, code, field):
    with pytest.raises(MLprojectError) as caught:
        render(parse(PROTEIN).entry_points["main"], parameters)
    assert (caught.value.code, caught.value.field) == (code, field)


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "entry_points: [a]",
        "entry_points: {on: {command: x}}",
        "entry_points: {main: {command: x, parameters: {yes: string}}}",
        "entry_points: {main: {}}",
        "entry_points: {main: {command: '{a}'}}",
        "entry_points: {main: {command: '{a:>99}', parameters: {a: string}}}",
        "entry_points: {main: {command: '{a.b}', parameters: {a: string}}}",
        "entry_points: {main: {command: '{', parameters: {a: string}}}",
        "entry_points: {main: {command: x, parameters: {a: {default: [1]}}}}",
        "entry_points: {main: {command: x, parameters: {a: 3}}}",
        "a: [",
        "!!python/object/apply:os.system ['true']",
    ],
)
def test_refuses_bad_files(text):
    with pytest.raises(MLprojectError, match=r".") as caught:
        parse(text)
    assert caught.value.code == "bad_mlproject"


def test_scripts_are_entry_points_as_in_mlflow(tmp_path):
    (tmp_path / "mlproject").write_text(PROTEIN)
    (tmp_path / "my tool.py").write_text("")
    assert render(load_entry_point(tmp_path, "my tool.py"), {"a": "1"}) == "python 'my tool.py' --a 1"
    for name in ("gone.py", "../x.py", "nothing"):
        with pytest.raises(MLprojectError) as caught:
            load_entry_point(tmp_path, name)
        assert caught.value.code == "unknown_entry_point"
        assert "main" in caught.value.detail


def test_no_mlproject(tmp_path):
    with pytest.raises(MLprojectError) as caught:
        load(tmp_path)
    assert caught.value.code == "no_mlproject"
