"""What is composed and what is refused before a job is dispatched; no project code runs, nothing is resolved."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.errors import Unprocessable
from app.models import Snapshot
from app.projects import composing
from app.projects.compose import Composed

Bring = Callable[..., Snapshot]
Check = Callable[..., Composed]


def test_composed_and_flattened(bring: Bring, check: Check) -> None:
    composed = check(bring(), "model=rnn", "model.hidden=8", "data.columns=[x]", "name='蛋白 a'", lr="0.5")
    assert composed.config is not None
    assert composed.config["model"] == {"_target_": "lib.Rnn", "lr": 0.5, "hidden": 8}
    assert composed.params["data.path"] == "/inputs/data"
    assert composed.params["data.columns"] == "['x']"
    assert composed.params["name"] == "蛋白 a"
    assert composed.params["nothing"] == "None"
    assert composed.overrides[0] == "model=rnn"


def test_interpolations_stay_unresolved(bring: Bring, check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/secret-home")
    config = check(bring()).config
    assert config is not None
    assert (config["where"], config["copy"], config["model"]["lr2"]) == ("${oc.env:HOME}", "${seed}", "${.lr}")


@pytest.mark.parametrize(
    ("override", "code", "field", "told"),
    [
        ("modle=rnn", "unknown_override", "modle", "'model'"),
        ("model.lrr=1", "unknown_override", "model.lrr", "'model.lr'"),
        ("data.limits.lo=1", "unknown_override", "data.limits.lo", "'data.limits.low'"),
        ("data={pth: x}", "unknown_override", "data.pth", "'data.path'"),
        ("~sed", "unknown_override", "sed", "'seed'"),
        ("model=rn", "unknown_choice", "model", "cnn, rnn"),
        ("model=[cnn,rnx]", "unknown_choice", "model", "'rnn'"),
        ("+extra=more", "bad_override", "overrides", "extra"),
        ("+extra=mor", "unknown_choice", "extra", "'more'"),
        ("model.lr=abc", "wrong_type", "model.lr", "a number"),
        ("model.lr=true", "wrong_type", "model.lr", "a number"),
        ("model.layers=2.5", "wrong_type", "model.layers", "whole number"),
        ("model.layers='3'", "wrong_type", "model.layers", "whole number"),
        ("flag=1", "wrong_type", "flag", "true or false"),
        ("seed=[1]", "wrong_type", "seed", "not a list"),
        ("data.columns=a", "wrong_type", "data.columns", "a list"),
        ("data.limits=3", "wrong_type", "data.limits", "mapping"),
        ("name=[a]", "wrong_type", "name", "single value"),
        ("model=rnn", "missing_value", "model.hidden", "model.hidden"),
        ("seed=1,2", "sweep_in_override", "seed", "sweep"),
        ("seed=range(3)", "sweep_in_override", "seed", "sweep"),
        ("seed", "bad_override", "overrides", "key=value"),
        ("", "bad_override", "overrides", "key=value"),
        ("+seed=1", "bad_override", "overrides", "seed"),
        ("hydra.run.dir=/tmp", "hydra_override", "hydra.run.dir", "Hydra"),
        ("+hydra.searchpath=[file:///etc]", "hydra_override", "hydra.searchpath", "Hydra"),
        ("hydra/launcher=basic", "hydra_override", "hydra/launcher", "Hydra"),
        ("~hydra", "hydra_override", "hydra", "Hydra"),
        ("model@hydra.job=cnn", "hydra_override", "model", "Hydra"),
        ("--config-dir=/etc", "hydra_override", "overrides", "command line"),
        ("--config-name=other", "hydra_override", "overrides", "command line"),
        ("-m", "hydra_override", "overrides", "command line"),
        ("-cn=x", "hydra_override", "overrides", "command line"),
        ("name=${oc.env:HOME}", "override_reads_environment", "name", "resolver"),
        ("name=${oc.decode:${oc.env:HOME}}", "override_reads_environment", "name", "resolver"),
        ("name='x${oc.env:HOME}'", "override_reads_environment", "name", "resolver"),
        ("data={path: '${oc.env:HOME}'}", "override_reads_environment", "data", "resolver"),
        ("+x.y=[1,'${now:%Y}']", "override_reads_environment", "+x.y", "resolver"),
        ("model=../../../../etc/x", "bad_override", "model", "out of"),
        ("../../etc=x", "bad_override", "overrides", "key=value"),
        ("model=/etc/passwd", "unknown_choice", "model", "cnn"),
        ("data.path=/etc/passwd", "input_override", "data.path", "'data'"),
        ("data={path: x}", "input_override", "data.path", "'data'"),
        ("+data.path.x=1", "input_override", "data.path.x", "'data'"),
    ],
)
def test_refused(bring: Bring, check: Check, override: str, code: str, field: str, told: str) -> None:
    with pytest.raises(Unprocessable) as caught:
        check(bring(), override)
    assert (caught.value.code, caught.value.field) == (code, field), caught.value.detail
    assert told in caught.value.detail


@pytest.mark.parametrize(
    "override",
    [
        "model.lr=1",
        "model.lr=null",
        "model.lr=${seed}",
        "name=7",
        "nothing=[1]",
        "nothing=x",
        "++model.lr=abc",
        "+new.key=1",
        "~flag",
        "data.columns=[]",
        "data.limits={high: 3}",
        "data.limits.high=2",
        "extra=more",
        "seed=1_000",
        "data.columns.0=z",
        "where=here",
    ],
)
def test_taken(bring: Bring, check: Check, override: str) -> None:
    assert check(bring(), override).config is not None


@pytest.mark.parametrize(
    ("parameters", "code", "field"),
    [
        ({"lr": "fast"}, "wrong_type", "parameters.lr"),
        ({"lrr": "1"}, "unknown_parameter", "parameters.lrr"),
        ({"data": "/etc/passwd"}, "parameter_is_input", "parameters.data"),
        ({"overrides": "seed=1 'x"}, "bad_override", "overrides"),
        ({"overrides": "hydra.run.dir=/tmp"}, "hydra_override", "hydra.run.dir"),
    ],
)
def test_refused_parameters(bring: Bring, check: Check, parameters: dict[str, str], code: str, field: str) -> None:
    with pytest.raises(Unprocessable) as caught:
        check(bring(), **parameters)
    assert (caught.value.code, caught.value.field) == (code, field)


def test_parameter_and_list_of_overrides_add_up(bring: Bring, check: Check) -> None:
    composed = check(bring(), "seed=2", overrides="seed=1 model.layers=9")
    assert (composed.params["seed"], composed.params["model.layers"]) == ("2", "9")


def test_a_project_without_hydra(bring: Bring, check: Check) -> None:
    snapshot = bring()
    assert check(snapshot, entry_point="plain", epochs="2").config is None
    assert check(snapshot, entry_point="plain", anything="x").config is None
    with pytest.raises(Unprocessable) as caught:
        check(snapshot, "seed=1", entry_point="plain")
    assert caught.value.code == "no_overrides"


def test_scripts_are_entry_points(bring: Bring, check: Check) -> None:
    snapshot = bring(conf__train_yaml="seed: 1\n")
    composed = check(snapshot, entry_point="train.py")
    assert composed.config == {"seed": 1}


def test_unknown_entry_point(bring: Bring, check: Check) -> None:
    with pytest.raises(Unprocessable) as caught:
        check(bring(), entry_point="mian")
    assert (caught.value.code, caught.value.field) == ("unknown_entry_point", "entry_point")
    assert "'main'" in caught.value.detail


@pytest.mark.parametrize(
    "changes",
    [
        {"conf__train_yaml": "hydra:\n  searchpath: [file:///etc]\nseed: 1\n"},
        {"conf__train_yaml": "defaults: [base_config]\nseed: 1\n", "store_py": "from hydra import ConfigStore\n"},
        {"train_py": "import hydra\nP = 'conf'\n@hydra.main(config_path=P, config_name='c')\ndef main(c): ...\n"},
    ],
    ids=["search path", "structured configs", "no literals"],
)
def test_what_needs_project_code_is_left_to_the_worker(bring: Bring, check: Check, changes: dict[str, str]) -> None:
    assert check(bring(**changes)).config is None


@pytest.mark.parametrize(
    ("yaml", "told"),
    [
        ("a: [", "can't be composed"),
        ("defaults: [gone]\n", "gone"),
        ("defaults:\n  - ../../../../../../../../../../etc/x\n", "can't be composed"),
    ],
)
def test_a_broken_config_says_so(bring: Bring, check: Check, yaml: str, told: str) -> None:
    with pytest.raises(Unprocessable) as caught:
        check(bring(conf__train_yaml=yaml))
    assert caught.value.code == "bad_config"
    assert told in caught.value.detail


def test_a_config_reads_no_file_outside_its_snapshot(bring: Bring, check: Check, lab, tmp_path) -> None:
    secret = tmp_path / "secret.yaml"
    secret.write_text("password: hunter2\n")
    climb = os.path.relpath(tmp_path / "secret", lab.settings.state / "compose-cache" / ("a" * 64) / "conf")
    with pytest.raises(Unprocessable) as caught:
        check(bring(conf__train_yaml=f"defaults:\n  - {climb}\n"))
    assert caught.value.code == "bad_config"
    assert "hunter2" not in caught.value.detail


def test_a_bomb_of_aliases_ends_in_time(bring: Bring, check: Check, lab) -> None:
    lines = ["a0: &a0 [x,x,x,x,x,x,x,x,x,x]"]
    lines += [f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    lab.settings.compose_timeout = 4.0
    with pytest.raises(Unprocessable) as caught:
        check(bring(conf__train_yaml="\n".join(lines)))
    assert caught.value.code in ("config_timeout", "config_failed", "config_too_large", "bad_config")


def test_a_composer_that_was_ended_is_replaced(bring: Bring, check: Check) -> None:
    snapshot = bring()
    assert check(snapshot, "seed=11").config is not None
    process = composing._warm._process
    assert process is not None
    process.kill()
    process.wait()
    assert check(snapshot, "seed=12").config is not None
    assert composing._warm._process is not process


def test_several_at_once(bring: Bring, check: Check) -> None:
    snapshot = bring()
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda seed: check(snapshot, f"seed={seed}").params["seed"], range(100, 108)))
    assert found == [str(seed) for seed in range(100, 108)]


def test_the_same_again_comes_from_memory(bring: Bring, check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot = bring()
    first = check(snapshot, "seed=5")
    monkeypatch.setattr("app.projects.composing.compose", lambda *_: 1 / 0)
    assert check(snapshot, "seed=5") == first
