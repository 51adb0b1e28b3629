"""Which script a command runs and which config that composes, read without running either."""

import pytest

from app.projects.hydra_script import HydraMain, ScriptCall, apply_options, hydra_main, script_call


@pytest.mark.parametrize(
    ("command", "call"),
    [
        ("python train.py a=1 'b=x y'", ScriptCall("train.py", ("a=1", "b=x y"))),
        ("PYTHONPATH=../../src python -u train.py a=1", ScriptCall("train.py", ("a=1",))),
        ("exec /usr/bin/python3.11 -X dev sub/train.py", ScriptCall("sub/train.py", ())),
        ("echo hi && python ./train.py a=1 > log 2>&1", ScriptCall("train.py", ("a=1",))),
        ("bash run.sh", None),
        ("python -m train a=1", None),
        ("python -c 'print(1)'", None),
        ("python", None),
        ("python 'open quote", None),
        ("", None),
    ],
)
def test_script_call(command: str, call: ScriptCall | None) -> None:
    assert script_call(command) == call


@pytest.mark.parametrize(
    ("decorator", "found"),
    [
        ("hydra.main(version_base=None, config_path='conf', config_name='c')", HydraMain("conf", "c", None)),
        ("hydra.main('conf', 'c', '1.3')", HydraMain("conf", "c", "1.3")),
        ("main(config_path='conf', config_name='c')", HydraMain("conf", "c", None)),
        ("hydra.main(config_path=PATH, config_name='c')", None),
        ("hydra.main", None),
        ("other(config_path='conf')", None),
    ],
)
def test_hydra_main(decorator: str, found: HydraMain | None) -> None:
    source = f"import os\nos.abort()\n\n@{decorator}\ndef main(cfg):\n    pass\n"
    assert hydra_main(source) == found


@pytest.mark.parametrize("source", ["def (", "\0", "(" * 5000])
def test_source_that_is_none(source: str) -> None:
    assert hydra_main(source) is None


def test_options_of_the_command_itself() -> None:
    main = HydraMain("conf", "c", None)
    words = ("--config-name=other", "-cp", "../x", "a=1")
    assert apply_options(main, words) == (HydraMain("../x", "other", None), ("a=1",))
    for unknown in ("-m", "--config-dir=/etc", "--config-name"):
        assert apply_options(main, (unknown,)) is None
