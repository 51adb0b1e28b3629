"""MLflow behind the master: what it refuses is told in its words, and two that make one experiment get one."""

import pytest

from proteinx.client import ApiError, Client
from proteinx.client.retry import ONCE
from tests.proteinx.scripted import Answer, Scripted, Seen


def refused(status: int, code: str, message: str) -> Answer:
    return Answer.json({"error_code": code, "message": message}, status)


def test_an_experiment_that_somebody_else_has_just_made_is_taken(scripted: Scripted) -> None:
    asked: list[str] = []

    def script(seen: Seen) -> Answer:
        asked.append(seen.path.split("?")[0].split("/mlflow/", 2)[-1])
        if "get-by-name" in seen.path:
            found = Answer.json({"experiment": {"experiment_id": "7"}})
            return found if len(asked) > 2 else refused(404, "RESOURCE_DOES_NOT_EXIST", "No such experiment")
        if "experiments/create" in seen.path:
            return refused(400, "RESOURCE_ALREADY_EXISTS", "Experiment(name=折叠) already exists.")
        return Answer.json({"run": {"info": {"run_id": "abc"}}})

    scripted.script = script
    with Client(scripted.url, "px_u_1_2", retry=ONCE) as master:
        assert master.runs.create("折叠", "mine", {}) == "abc"
    assert [path.rpartition("/")[2] for path in asked] == ["get-by-name", "create", "get-by-name", "create"]


def test_mlflow_s_own_refusal_is_told(scripted: Scripted) -> None:
    scripted.answers(refused(400, "INVALID_PARAMETER_VALUE", "The experiment 7 must be in the 'active' state."))
    with (
        Client(scripted.url, "px_u_1_2", retry=ONCE) as master,
        pytest.raises(ApiError, match="'active' state") as told,
    ):
        master.runs.status("abc")
    assert (told.value.code, told.value.status) == ("invalid_parameter_value", 400)
