"""What of two attempts' environments is told to differ."""

from types import SimpleNamespace
from typing import Any

from proteinx.client.reproduction.repeat import _environment


def ran_in(**environment: str) -> Any:
    return SimpleNamespace(attempts=[SimpleNamespace(environment=environment)])


def test_versions_and_hardware_that_differ_are_told() -> None:
    first = ran_in(python="3.11.7", torch="2.13.0", gpu0="A100", numpy="2.4.6")
    second = ran_in(python="3.11.7", torch="2.12.1", scipy="1.17.1", numpy="2.4.6")
    assert _environment(first, second) == ["gpu0: A100 and none", "torch: 2.13.0 and 2.12.1"]
    assert _environment(first, first) == []
    assert _environment(SimpleNamespace(attempts=[]), second) == []  # type: ignore[arg-type]
