"""The form that is drawn from YAML alone."""

from collections.abc import Callable
from pathlib import Path

from app.models import Snapshot
from app.projects.composer import comments
from tests.app.lab import Lab


def schema(lab: Lab, name: str, entry_point: str = "main") -> dict:
    reply = lab.as_("vera").get(f"/api/projects/{name}/schema", params={"entry_point": entry_point})
    assert reply.status_code == 200, reply.text
    return reply.json()


def test_fields(lab: Lab, bring: Callable[..., Snapshot]) -> None:
    bring()
    form = schema(lab, "toy")
    assert form["checked_on"] == "master"
    assert [p["name"] for p in form["inputs"]] == ["data"]
    assert [p["name"] for p in form["parameters"]] == ["lr"]
    fields = {field["key"]: field for field in form["fields"]}
    assert list(fields)[:2] == ["model", "extra"]
    model = fields["model"]
    assert (model["kind"], model["group"], model["default"], model["choices"]) == (
        "choice",
        True,
        "cnn",
        ["cnn", "rnn"],
    )
    assert model["help"] == "The network."
    assert (fields["extra"]["default"], fields["extra"]["choices"]) == (None, ["more"])
    kinds = {key: field["kind"] for key, field in fields.items() if not field["group"]}
    assert kinds == {
        "seed": "integer",
        "data.columns": "list",
        "data.limits.low": "integer",
        "data.limits.high": "number",
        "name": "string",
        "where": "string",
        "copy": "string",
        "flag": "boolean",
        "nothing": "string",
        "odd": "string",
        "model.layers": "integer",
        "model.lr2": "string",
    }
    helps = {key: field["help"] for key, field in fields.items() if field["help"]}
    assert helps == {
        "model": "The network.",
        "seed": "Seed of everything.",
        "data.columns": "Columns used.",
        "name": "shown in lists",
    }


def test_fields_follow_the_choices(lab: Lab, bring: Callable[..., Snapshot]) -> None:
    bring()
    reply = lab.as_("vera").get("/api/projects/toy/schema", params={"choice": ["model=rnn", "extra=more", "seed=9"]})
    fields = {field["key"]: field for field in reply.json()["fields"]}
    assert (fields["model"]["default"], fields["extra"]["default"]) == ("rnn", "more")
    assert fields["model.hidden"]["required"]
    assert "model.layers" not in fields
    assert fields["seed"]["default"] == 7  # the preset's; a value is no choice, the form shows what it would change


def test_a_choice_that_is_not_there_is_refused(lab: Lab, bring: Callable[..., Snapshot]) -> None:
    bring()
    for choice, code in (
        ("model=cnm", "unknown_choice"),
        ("hydra/launcher=x", "hydra_override"),
        ("x", "bad_override"),
    ):
        reply = lab.as_("vera").get("/api/projects/toy/schema", params={"choice": choice})
        assert (reply.status_code, reply.json()["error"]) == (422, code), choice


def test_what_has_no_value_is_required(lab: Lab, bring: Callable[..., Snapshot]) -> None:
    bring(conf__train_yaml="defaults:\n  - _self_\n  - model: rnn\nseed: 1\ndata: {path: '???'}\n")
    fields = {field["key"]: field for field in schema(lab, "toy")["fields"]}
    assert (fields["model.hidden"]["required"], fields["model.hidden"]["default"]) == (True, None)
    assert not fields["seed"]["required"]


def test_without_hydra_only_parameters(lab: Lab, bring: Callable[..., Snapshot]) -> None:
    bring()
    form = schema(lab, "toy", "plain")
    assert ([p["name"] for p in form["parameters"]], form["fields"]) == (["epochs"], [])


def test_what_needs_code_says_so(lab: Lab, bring: Callable[..., Snapshot]) -> None:
    bring(conf__train_yaml="hydra:\n  searchpath: [file:///etc]\n")
    form = schema(lab, "toy")
    assert (form["checked_on"], form["fields"]) == ("worker", [])


def test_unknown_entry_point(lab: Lab, bring: Callable[..., Snapshot]) -> None:
    bring()
    reply = lab.as_("vera").get("/api/projects/toy/schema", params={"entry_point": "mian"})
    assert (reply.status_code, reply.json()["error"]) == (422, "unknown_entry_point")


def test_comments_by_position(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text(
        "# @package _global_\n# Of the file,\n# in two lines.\n\n# Above a.\n# Still a.\na: '# not this'  # nor this\n"
        "b: 1 # beside b\n\n# lost\n\nc:\n  # Above d.\n  d: |\n    # text\n  e: [1] # a list's\n"
    )
    found = comments.read(path)
    assert found.header == "Of the file, in two lines."
    assert found.keys == {("a",): "Above a. Still a.", ("b",): "beside b", ("c", "d"): "Above d."}
