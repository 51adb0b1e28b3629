"""Finds out, without running it, which Hydra config a command's script composes."""

import ast
import re
import shlex
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

_ASSIGNMENT: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=")
_PYTHON: Final = re.compile(r"python(3(\.\d+)?)?")
_WITH_VALUE: Final = ("-W", "-X")
_CONFIG_NAME: Final = ("--config-name", "-cn")
_CONFIG_PATH: Final = ("--config-path", "-cp")


@dataclass(frozen=True, slots=True)
class ScriptCall:
    """`python script words...` as it stands in a command."""

    script: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HydraMain:
    """The literals of `@hydra.main`."""

    config_path: str | None
    """Relative to the script's folder."""
    config_name: str | None
    version_base: str | None


def script_call(command: str) -> ScriptCall | None:
    """The first call of Python with a script in a shell command; None where there is none that can be read safely."""
    lexer = shlex.shlex(command, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    try:
        tokens = list(lexer)
    except ValueError:
        return None
    simple: list[str] = []
    for token in [*tokens, ";"]:
        if set(token) <= set(";&|()<>"):
            if call := _python(simple):
                return call
            simple = []
        else:
            simple.append(token)
    return None


def _python(words: list[str]) -> ScriptCall | None:
    rest = list(words)
    while rest and (_ASSIGNMENT.match(rest[0]) or rest[0] in ("exec", "env")):
        rest.pop(0)
    if not rest or not _PYTHON.fullmatch(PurePosixPath(rest.pop(0)).name):
        return None
    while rest and rest[0].startswith("-"):
        option = rest.pop(0)
        if option in ("-m", "-c") or not rest:
            return None
        if option in _WITH_VALUE:
            rest.pop(0)
    if not rest or not rest[0].endswith(".py"):
        return None
    return ScriptCall(PurePosixPath(rest[0]).as_posix(), tuple(rest[1:]))


def hydra_main(source: str) -> HydraMain | None:
    """The script's `@hydra.main`, if all that it says of the config is literal."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            for decorator in node.decorator_list:
                if isinstance(decorator, ast.Call) and _is_hydra_main(decorator.func):
                    return _literals(decorator)
    return None


def _is_hydra_main(function: ast.expr) -> bool:
    return ast.unparse(function) in ("hydra.main", "main", "hydra_main")


def _literals(call: ast.Call) -> HydraMain | None:
    names = ("config_path", "config_name", "version_base")  # the order of hydra.main's own parameters
    given = dict(zip(names, call.args, strict=False)) | {word.arg: word.value for word in call.keywords if word.arg}
    values: dict[str, str | None] = dict.fromkeys(names)
    for name, value in given.items():
        if not isinstance(value, ast.Constant) or not isinstance(value.value, str | None):
            return None
        values[name] = value.value
    return HydraMain(values["config_path"], values["config_name"], values["version_base"])


def apply_options(main: HydraMain, words: tuple[str, ...]) -> tuple[HydraMain, tuple[str, ...]] | None:
    """Takes `--config-name` and `--config-path` out of the words that a project's command itself writes.

    None for options that only Hydra itself, on the worker, can follow.
    """
    name, path = main.config_name, main.config_path
    rest: list[str] = []
    queue = list(words)
    while queue:
        word = queue.pop(0)
        option, sign, value = word.partition("=")
        if option in (*_CONFIG_NAME, *_CONFIG_PATH):
            if not sign and not queue:
                return None
            value = value if sign else queue.pop(0)
            name, path = (value, path) if option in _CONFIG_NAME else (name, value)
        elif word.startswith("-"):
            return None
        else:
            rest.append(word)
    return HydraMain(path, name, main.version_base), tuple(rest)
