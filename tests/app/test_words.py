"""Whatever the server can say by a code has its words in every language of the portal."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from proteinlab.biodata.columns import column_position, guess_columns
from proteinlab.biodata.errors import DataError
from proteinlab.biodata.formats import PACKED
from proteinlab.training.evaluation.kinship import Kinship
from proteinx.contracts.phrases import NESTED, PHRASES, Words, placeholders, say, told

ROOT = Path(__file__).parents[2]
LOCALES = ROOT / "frontend/src/shared/i18n/locales"
LANGUAGES = ("en", "zh")
SOURCES = ("platform/app", "src/proteinlab/biodata", "src/proteinlab/predictions", "src/proteinx/contracts")
ERRORS = re.compile(
    r"BadRequest|Unauthorized|Forbidden|NotFound|Conflict|Gone|TooLarge|Unprocessable|UpgradeRequired|TooManyRequests|"
    r"Unavailable|NoSpace|AppError|RefusedError|DataError|UserError|MLprojectError|SnapshotError|_bad|_error|_refusal|_fail"
)
CODE = re.compile(r"[a-z][a-z0-9_]+")
INTERPOLATION = re.compile(r"\{\{(\w+)\}\}")


def words(language: str, file: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((LOCALES / language / f"{file}.json").read_text(encoding="utf-8"))
    return content


def trees(*folders: str) -> Iterator[ast.Module]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield ast.parse(path.read_text(encoding="utf-8"))


def calls(*folders: str) -> Iterator[tuple[str, ast.Call]]:
    for tree in trees(*folders):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                function = node.func
                name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
                yield name, node


def is_text(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def first_text(call: ast.Call) -> str | None:
    first = call.args[0] if call.args else None
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None


def error_codes() -> set[str]:
    found = {first_text(call) for name, call in calls(*SOURCES) if ERRORS.fullmatch(name)}
    return {code for code in found if code and CODE.fullmatch(code)}


def finding_codes() -> set[str]:
    makers = ("finding", "noted", "Finding")
    found = {first_text(call) for name, call in calls("src/proteinlab/biodata") if name in makers}
    return {code for code in found if code}


def event_kinds() -> set[str]:
    found = set()
    for name, call in calls("platform/app"):
        kind = call.args[2] if name == "record" and len(call.args) > 2 else None
        if isinstance(kind, ast.Constant):
            found.add(str(kind.value))
    return found - {"job", "attempt"}  # those are told by their states


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_has_its_words_with_all_that_fills_them(language: str) -> None:
    known = words(language, "told")["phrase"]

    assert known.keys() == PHRASES.keys()
    for code in PHRASES:
        assert set(INTERPOLATION.findall(known[code])) == placeholders(code), code


def test_english_words_are_the_servers_own() -> None:
    known = words("en", "told")["phrase"]

    assert {code: INTERPOLATION.sub(r"{\1}", text) for code, text in known.items()} == dict(PHRASES)


@pytest.mark.parametrize("code", PHRASES)
def test_a_sentence_is_found_again_by_its_template(code: str) -> None:
    params = {name: say("agent_lost_it", node="vm1") if name in NESTED else f"<{name}>" for name in placeholders(code)}

    found = told(say(code, **params))

    assert found is not None
    assert found.code == code
    assert found.params.keys() == params.keys()
    for name, value in found.params.items():
        wanted = Words(code="agent_lost_it", params={"node": "vm1"}) if name in NESTED else params[name]
        assert value == wanted


def test_what_others_wrote_stays_as_it_is() -> None:
    assert told("") is None
    assert told("Traceback (most recent call last):") is None


def test_why_a_job_starts_cold_is_told_by_phrases() -> None:
    said = []
    for name in ("process", "fitness"):
        tree = ast.parse((ROOT / f"worker/warm/{name}.py").read_text(encoding="utf-8"))
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef) and function.name in ("fork_for", "why_cold"):
                returns = [node.value for node in ast.walk(function) if isinstance(node, ast.Return)]
                said += [sample(one, {}) for one in returns if isinstance(one, ast.JoinedStr) or is_text(one)]

    assert len(said) == 5
    assert [sentence for sentence in said if told(sentence) is None] == []


READING = ("check", "browse", "structures.summary")
"""What the master runs over a file that somebody sends."""


def reading_modules() -> set[Path]:
    """The files of the data library that these commands are made of."""
    found: set[Path] = set()
    left = [f"proteinlab.biodata.{name}" for name in READING]
    while left:
        path = ROOT / "src" / f"{left.pop().replace('.', '/')}.py"
        if path.exists() and path not in found:
            found.add(path)
            tree = ast.parse(path.read_text(encoding="utf-8"))
            left += [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]
    return found


def sentences(path: Path) -> Iterator[str]:
    """What the file's errors say, `7` in the place of each value and nothing in that of a hint."""
    for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(function, ast.FunctionDef):
            continue
        texts = {
            target.id: node.value
            for node in ast.walk(function)
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "DataError" and first_text(node):
                yield sample(node.args[1], texts)


def sample(said: ast.expr, texts: dict[str, ast.expr]) -> str:
    match said:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(sample(part, texts) for part in parts)
        case ast.FormattedValue(value=ast.Name(id="hint" | "there")):
            return ""
        case ast.FormattedValue(value=ast.Name(id="detail")):
            return sample(texts["detail"], texts)
        case ast.FormattedValue():
            return "7"
        case ast.Name(id=name):
            return sample(texts[name], texts)
        case ast.BoolOp(values=[*_, last]):
            return sample(last, texts)
    raise AssertionError(f"cannot tell what is said by {ast.unparse(said)}")


def test_what_is_wrong_with_a_file_is_told_by_phrases() -> None:
    found = {sentence for path in reading_modules() for sentence in sentences(path)}

    assert len(found) > 40
    for sentence in {*found, *PACKED.values()}:
        plain, on_line = told(sentence), told(say("on_line", line=7, reason=sentence))
        assert plain is not None, sentence
        assert on_line == Words(code="on_line", params={"line": "7", "reason": plain})


@pytest.mark.parametrize(
    ("header", "example"),
    [(["MKVLAAGIT", "1.5"], []), (["a", "b"], ["1", "MKVLAAGITGG"]), (["seqence", "b"], []), (["a.b", "c"], [])],
)
def test_what_a_table_lacks_is_told_with_the_hint(header: list[str], example: list[str]) -> None:
    with pytest.raises(DataError) as lacking:
        guess_columns(header, None, example)
    with pytest.raises(DataError) as missing:
        column_position(header, "target", "a.c")

    for error in (lacking.value, missing.value):
        words = told(error.detail)
        assert words is not None
        assert words.params["columns"] == ", ".join(header)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_has_a_title(language: str) -> None:
    codes = error_codes()

    assert len(codes) > 150
    assert codes - words(language, "errors").keys() == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_finding_has_a_title_and_a_sentence(language: str) -> None:
    data, codes = words(language, "data"), finding_codes()

    assert len(codes) > 20
    assert codes - data["finding"].keys() == set()
    assert codes == data["detail"].keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_findings_sentence_is_filled_with_what_the_library_gives(language: str) -> None:
    known = words(language, "data")["detail"]
    given: dict[str, set[str]] = {}
    for name, call in calls("src/proteinlab/biodata"):
        code = first_text(call) if name in ("finding", "noted") else None
        if code:
            beside = {keyword.arg for keyword in call.keywords if keyword.arg}
            spread = {"low", "high"} if any(keyword.arg is None for keyword in call.keywords) else set()
            given[code] = beside | spread | ({"n"} if name == "finding" else set())
    for code, names in given.items():
        assert set(INTERPOLATION.findall(known[code])) <= names, code


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_check_of_the_gate_has_a_name(language: str) -> None:
    checks = {first_text(call) for name, call in calls("platform/app/registry") if name in ("_passed", "_failed")}

    assert checks == words(language, "models")["gate"]["check"].keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_event_has_a_name(language: str) -> None:
    kinds = event_kinds()

    assert len(kinds) > 3
    assert kinds - words(language, "job")["events"]["kind"].keys() == set()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("identity", [[1.0], [0.95], [0.5], [0.1], []])
@pytest.mark.parametrize("one_parent", [True, False])
def test_every_level_of_kinship_has_its_words(language: str, identity: list[float], one_parent: bool) -> None:
    rows = np.array(identity, dtype=np.float32)
    kinship = Kinship(rows, np.zeros(len(rows), dtype=np.int64), np.ones(len(rows), dtype=np.bool_), one_parent)

    assert kinship.level in words(language, "told")["level"]


def test_reasons_of_moves_are_phrases() -> None:
    """A reason written as plain text would be English on every page."""
    for folder in ("platform/app/jobs", "platform/app/scheduling", "platform/app/nodes", "platform/app/datasets"):
        for name, call in calls(folder):
            for keyword in call.keywords:
                if keyword.arg == "reason":
                    is_text = isinstance(keyword.value, ast.Constant) and keyword.value.value
                    assert not is_text, f"{name} in {folder}: say it by a phrase"
                    assert not isinstance(keyword.value, ast.JoinedStr), f"{name} in {folder}: say it by a phrase"
