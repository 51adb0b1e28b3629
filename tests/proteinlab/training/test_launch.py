import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser

from proteinlab.biodata.errors import DataError
from proteinlab.training.errors import Terminated, UserError
from proteinlab.training.launch import expand_arguments, reported


def test_overrides_are_split_as_a_shell_would() -> None:
    given = ["seed=1", "overrides=model=ridge 'data.columns.target=my score' data.region.last=56"]
    assert expand_arguments(given) == [
        "seed=1",
        "model=ridge",
        "data.columns.target=my score",
        "data.region.last=56",
    ]


def test_empty_overrides_vanish() -> None:
    assert expand_arguments(["overrides="]) == []


@pytest.mark.parametrize(
    "path", ["/a/b.csv", "/a b/c,d.csv", "/数据/序列.csv", "it's", "back\\", "a\\'b", "${oc.env:HOME}(x)", ""]
)
def test_any_path_reaches_hydra_as_it_is(path: str) -> None:
    [argument] = expand_arguments([f"data.path={path}"])
    [override] = OverridesParser.create().parse_overrides([argument])
    assert override.value() == path
    assert expand_arguments([argument]) == [argument], "the processes of DDP expand once more"


def test_open_quote_is_a_users_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop, reported():
        expand_arguments(["overrides=a='b"])
    assert stop.value.code == 2
    assert capsys.readouterr().err.startswith("error: bad_overrides: ")


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (UserError("one_class", "Only one.", 7), 2, "error: one_class: Only one. (line 7)\n"),
        (DataError("empty_file", "The file is empty."), 2, "error: empty_file: The file is empty.\n"),
        (Terminated("checkpoint written"), 143, "stopped by SIGTERM: checkpoint written\n"),
    ],
)
def test_errors_are_one_line(error: BaseException, code: int, line: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop, reported():
        raise error
    assert stop.value.code == code
    assert capsys.readouterr().err == line


def test_a_bug_keeps_its_traceback() -> None:
    with pytest.raises(ZeroDivisionError), reported():
        _ = 1 / 0
