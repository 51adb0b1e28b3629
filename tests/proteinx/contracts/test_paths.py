import pytest
from hypothesis import given
from hypothesis import strategies as st

from proteinx.contracts.paths import BadPathError, check_path

TRAVERSALS = [
    "",
    ".",
    "..",
    "../x",
    "a/../b",
    "a/..",
    "a/./b",
    "a//b",
    "a/",
    "/etc/passwd",
    "//host/share",
    "C:/x",
    "c:x",
    "a\\b",
    "..\\x",
    "a\x00b",
    "a\nb",
    "a\x7fb",
    "a\x85b",
    "\ud800",
    "x" * 256,
    "/".join(["x" * 200] * 6),
]


@pytest.mark.parametrize("path", TRAVERSALS)
def test_refused(path):
    with pytest.raises(BadPathError):
        check_path(path)


@pytest.mark.parametrize("path", ["a", "a/b.csv", "蛋白 质/数据 1.fasta", "..a/b..", ".hidden", "ab:c", "x" * 255])
def test_taken(path):
    assert check_path(path) == path


@given(st.text())
def test_what_is_taken_stays_inside(tmp_path_factory, path):
    root = tmp_path_factory.getbasetemp()
    try:
        check_path(path)
    except BadPathError:
        return
    assert (root / path).resolve().is_relative_to(root)
    assert (root / path).resolve() != root
