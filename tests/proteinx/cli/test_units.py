import pytest
import typer

from proteinx.cli.output import duration, size
from proteinx.cli.units import parse_duration, parse_pairs, parse_size


@pytest.mark.parametrize(
    ("text", "bytes_"),
    [("0", 0), ("1024", 1024), ("8G", 8 * 2**30), ("512MiB", 512 * 2**20), ("1.5g", 3 * 2**29), ("2 TB", 2**41)],
)
def test_sizes(text: str, bytes_: int) -> None:
    assert parse_size(text) == bytes_


@pytest.mark.parametrize("text", ["", "G", "8X", "-1G", "1..2G", "eight"])
def test_no_sizes(text: str) -> None:
    with pytest.raises(typer.BadParameter):
        parse_size(text)


@pytest.mark.parametrize(
    ("text", "seconds"), [("90", 90), ("90s", 90), ("30m", 1800), ("30min", 1800), ("1.5h", 5400), ("2d", 172800)]
)
def test_durations(text: str, seconds: float) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "h", "soon", "1w", "1.2.3h"])
def test_no_durations(text: str) -> None:
    with pytest.raises(typer.BadParameter):
        parse_duration(text)


def test_pairs() -> None:
    assert parse_pairs(["a=1", "b=x=y", "c="], "a=1") == {"a": "1", "b": "x=y", "c": ""}
    for wrong in ("a", "=1", ""):
        with pytest.raises(typer.BadParameter, match="a=1"):
            parse_pairs([wrong], "a=1")


def test_what_people_read() -> None:
    assert [size(n) for n in (0, 1023, 1024, 5 * 2**20, 3 * 2**40, None)] == [
        "0 B",
        "1023 B",
        "1.0 KiB",
        "5.0 MiB",
        "3.0 TiB",
        "-",
    ]
    assert [duration(n) for n in (-3, 5, 60, 3725, 90000)] == ["0 s", "5 s", "1 min", "1 h 2 min", "1 d 1 h"]
