"""Wishes in words become a job's request; a mistyped one names the nearest."""

import pytest

from proteinx.client.wishes import BadWish, Wishes
from proteinx.contracts.jobs import GIB, JobCreate, Resources

ASKED = JobCreate(project="p", parameters={"a": "1"})


def test_words_become_numbers() -> None:
    wished = Wishes.parse({"gpus": "2", "gpu_memory": "20G", "memory": "512M", "cpus": 1.5, "time_limit": "12h"})
    made = wished.apply(ASKED)
    assert made.resources.gpus == 2
    assert made.resources.gpu_memory == 20 * GIB
    assert made.resources.memory == GIB // 2
    assert made.time_limit == 12 * 3600
    assert made.parameters == {"a": "1"}


def test_nothing_wished_is_the_requests_own_default() -> None:
    assert Wishes().apply(ASKED) == ASKED


def test_all_that_a_node_can_give_can_be_wished_for() -> None:
    assert set(Resources.model_fields) <= set(Wishes.model_fields)


def test_names_of_local_things_are_not_the_jobs() -> None:
    made = Wishes.parse({"project": "mine", "dataset": "d", "experiment": "e", "name": "n"}).apply(ASKED)
    assert (made.project, made.experiment, made.name) == ("p", "e", "n")


def test_without_end() -> None:
    assert Wishes.parse({"time_limit": "none"}).apply(ASKED).time_limit is None
    assert Wishes.parse({"time_limit": None}).apply(ASKED).time_limit is None


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        ({"gpu": 1}, "Did you mean 'gpus'?"),
        ({"registeras": "x"}, "Did you mean 'register_as'?"),
        ({"memory": "lots"}, "write for example 8G"),
        ({"time_limit": "soon"}, "write for example 90s"),
        ({"gpus": "many"}, "gpus"),
        ({"columns": {"seq": "a"}}, "columns.seq"),
    ],
)
def test_what_can_not_be_read_is_told(wish: dict[str, object], told: str) -> None:
    with pytest.raises(BadWish, match=told):
        Wishes.parse(wish)


@pytest.mark.parametrize("wish", [{"priority": 101}, {"gpus": -1}, {"cpus": 0}, {"tags": {"mlflow.user": "x"}}])
def test_what_is_out_of_bounds_is_told(wish: dict[str, object]) -> None:
    with pytest.raises(BadWish):
        Wishes.parse(wish).apply(ASKED)


def test_what_the_entry_point_takes_may_have_been_meant() -> None:
    with pytest.raises(BadWish, match=r"takes data, factor.*Did you mean 'factor'\?"):
        Wishes.parse({"factr": 3}, {"data", "factor"})
