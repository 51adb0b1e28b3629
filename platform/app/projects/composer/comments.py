"""The comments of a YAML file by the key that they stand above: the help texts of a form."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

_COMMENT = re.compile(r"(\s*)#\s?(.*)")
_TRAILING = re.compile(r"\s+#\s?(.*)")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Comments:
    header: str
    """What the file says at its top, of itself."""
    keys: dict[tuple[str, ...], str]
    defaults: dict[str, str]
    """Of all items of the defaults list, by group, in their order; empty where nothing is said."""


def read(path: Path) -> Comments:
    """Raises YAMLError, OSError."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    node = yaml.compose(text, Loader=_LOADER)
    keys = dict(_of_mapping(node, lines, ())) if isinstance(node, yaml.MappingNode) else {}
    defaults = dict(_of_defaults(node, lines)) if isinstance(node, yaml.MappingNode) else {}
    return Comments(_header(lines), keys, defaults)


def _header(lines: list[str]) -> str:
    """The first block of comments; a line `# @package ...` is Hydra's."""
    top: list[str] = []
    for line in lines:
        match = _COMMENT.fullmatch(line)
        if match is None or (top and not match[2].strip()):
            break
        if not match[2].startswith("@package"):
            top.append(match[2].strip())
    return " ".join(top)


def _of_mapping(
    node: yaml.MappingNode, lines: list[str], path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], str]]:
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            continue
        here = (*path, key.value)
        told = _above(lines, key) or _beside(lines, value)
        if told:
            yield here, told
        if isinstance(value, yaml.MappingNode):
            yield from _of_mapping(value, lines, here)


def _of_defaults(node: yaml.MappingNode, lines: list[str]) -> Iterator[tuple[str, str]]:
    for key, value in node.value:
        if isinstance(value, yaml.SequenceNode) and key.value == "defaults":
            for item in value.value:
                told = _above(lines, item) or _beside(lines, item)
                if isinstance(item, yaml.MappingNode) and item.value:
                    name = item.value[0][0].value.removeprefix("override ").removeprefix("optional ").lstrip("/")
                    yield name, told


def _above(lines: list[str], node: yaml.Node) -> str:
    """The block of comments right above; what is indented deeper is text of the value before."""
    block: list[str] = []
    line = node.start_mark.line
    while line > 0 and (match := _COMMENT.fullmatch(lines[line - 1])):
        if match[2].startswith("@package") or len(match[1]) > node.start_mark.column:
            break
        block.insert(0, match[2].strip())
        line -= 1
    return " ".join(block).strip()


def _beside(lines: list[str], value: yaml.Node) -> str:
    """A comment on the value's own line, after its end."""
    end = value.end_mark
    if not isinstance(value, yaml.ScalarNode) or end.line >= len(lines) or end.line != value.start_mark.line:
        return ""
    match = _TRAILING.fullmatch(lines[end.line][end.column :])
    return match[1].strip() if match else ""
