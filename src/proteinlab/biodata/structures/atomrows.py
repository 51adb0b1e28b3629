"""The atoms of PDB and mmCIF files as rows, one at a time: enough to say what a file of any size holds."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from proteinlab.biodata.errors import DataError
from proteinlab.biodata.formats import Format
from proteinlab.biodata.streams import read_lines

# Values of mmCIF: within quotes if they hold blanks; a quote ends one only before a blank.
TOKEN = re.compile(r"""'(?:[^']|'(?=\S))*'|"(?:[^"]|"(?=\S))*"|\S+""")
NO_VALUE = (".", "?")
ATOM_SITE = "_atom_site."
# Of each row of the table: names of mmCIF's dictionary, and what to take where the first is not there.
COLUMNS = {
    "group_PDB": "",
    "auth_atom_id": "label_atom_id",
    "auth_comp_id": "label_comp_id",
    "auth_asym_id": "label_asym_id",
    "auth_seq_id": "label_seq_id",
    "pdbx_PDB_ins_code": "",
    "label_alt_id": "",
    "pdbx_PDB_model_num": "",
}
Lines = Iterator[tuple[int, str]]


class AtomRow(NamedTuple):
    """`insertion` and `alternative` are empty where there is none; `model` counts from 0."""

    line: int
    model: int
    hetero: bool
    atom: str
    residue: str
    chain: str
    number: str
    insertion: str
    alternative: str


def atom_rows(path: Path, form: Format) -> Iterator[AtomRow]:
    """Raises DataError bad_structure with the line, and what `read_chunks` raises."""
    lines = ((number, text.decode("utf-8", "replace")) for number, text in read_lines(path))
    return READERS[form](lines)


def _pdb(lines: Lines) -> Iterator[AtomRow]:
    model = 0
    ended = False
    for number, line in lines:
        if line.startswith(("ATOM  ", "HETATM")):
            if ended:
                model, ended = model + 1, False
            yield AtomRow(
                number,
                model,
                line.startswith("H"),
                line[12:16].strip(),
                line[17:20].strip(),
                line[21:22].strip(),
                line[22:26].strip(),
                line[26:27].strip(),
                line[16:17].strip(),
            )
        elif line.startswith("ENDMDL"):
            ended = True


def _mmcif(lines: Lines) -> Iterator[AtomRow]:
    names: list[str] = []
    models: dict[str, int] = {}
    held: list[str] = []
    for number, line in lines:
        text = line.strip()
        if text.startswith(ATOM_SITE):
            names.append(text.split()[0].removeprefix(ATOM_SITE))
        elif names and (not text or text.startswith(("#", "_", "loop_", "data_"))):
            names, held = [], []
        elif names:
            held += _values(text, len(names) - len(held))
            if len(held) > len(names):
                detail = f"The row of an atom has {len(held)} values for {len(names)} columns: download the file again."
                raise DataError("bad_structure", detail, number)
            if len(held) == len(names):
                yield _row(dict(zip(names, held, strict=True)), number, models)
                held = []


def _values(text: str, wanted: int) -> list[str]:
    """Splitting at blanks is quick and nearly always right."""
    values = text.split()
    return values if len(values) == wanted else TOKEN.findall(text)


def _row(values: dict[str, str], number: int, models: dict[str, int]) -> AtomRow:
    group, atom, residue, chain, position, insertion, alternative, model = (
        _plain(values.get(name, values.get(other, ""))) for name, other in COLUMNS.items()
    )
    seen = models.setdefault(model, len(models))
    return AtomRow(number, seen, group == "HETATM", atom, residue, chain, position, insertion, alternative)


def _plain(value: str) -> str:
    if value in NO_VALUE:
        return ""
    return value[1:-1] if value[:1] in {"'", '"'} else value


READERS: dict[Format, Callable[[Lines], Iterator[AtomRow]]] = {Format.PDB: _pdb, Format.MMCIF: _mmcif}
