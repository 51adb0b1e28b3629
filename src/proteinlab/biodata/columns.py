"""Finding the columns of a table: by the names given, or by the names people use."""

import difflib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import astuple, fields

from proteinlab.biodata.errors import DataError
from proteinlab.biodata.records import Columns

PERHAPS_NAMES = "protein"
SEQUENCE_NAMES = (
    *(
        "sequence",
        "sequence1",
        "sequencea",
        "seq",
        "seq1",
        "seqa",
        "proteinsequence",
        "proteinseq",
        "aasequence",
        "aaseq",
        "aminoacidsequence",
    ),
    *("mutatedsequence", "mutantsequence", "mutseq", "primary", PERHAPS_NAMES, "peptide", "peptidesequence"),
    *("序列", "蛋白质序列", "蛋白序列", "氨基酸序列"),
)
# In order of preference, as `plain_name` writes them.
NAMES: dict[str, tuple[str, ...]] = {
    "sequence": SEQUENCE_NAMES,
    "target": (
        *("target", "targets", "label", "labels", "fitness", "score", "dmsscore", "y", "value", "activity"),
        *("class", "标签", "目标", "目标值", "适应度", "活性"),
    ),
    "set": ("set", "split", "subset", "partition", "stage", "数据集划分", "划分", "集合"),
    "id": (
        *("id", "seqid", "sequenceid", "proteinid", "identifier", "accession", "entry", "name", "mutant"),
        "编号",
    ),
    "validation": ("validation", "isvalidation", "验证"),
    "mask": ("mask", "掩码"),
    "partner": ("partner", "partnersequence", "sequence2", "sequenceb", "seq2", "seqb", "序列2"),
}
VARIANT_NAMES = (
    *("variant", "variants", "mutant", "mutants", "mutation", "mutations", "aachange", "aasubstitutions"),
    *("hgvs", "hgvspro", "变异", "变体", "突变", "突变体"),
)
# Long enough that words such as 'train', all of whose letters are residues, don't pass.
PROTEIN = re.compile(r"[ACDEFGHIKLMNPQRSTVWYBJOUXZ*.-]{16,}", re.IGNORECASE)


def plain_name(name: str) -> str:
    """A column name without case, spaces and punctuation, so that 'DMS_score' is 'dmsscore'."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", name).casefold())


def guess_columns(
    header: Sequence[str], named: Mapping[str, str] | None = None, example: Sequence[str] = ()
) -> Columns:
    """Columns by their names; those in `named` (field of Columns -> column) are taken as given.

    `example` is the table's first row, for a better hint in the error. Raises DataError missing_column,
    duplicate_column.
    """
    chosen: dict[str, str | None] = dict(named or {})
    free = {plain_name(name): name for name in reversed(header) if name not in chosen.values()}
    if PERHAPS_NAMES in free and _holds_names(header, free[PERHAPS_NAMES], example):
        del free[PERHAPS_NAMES]
    if "sequence" not in chosen and not _may_hold_sequences(header, free, example):
        _choose(chosen, free, "variant", VARIANT_NAMES)
    lookalikes = {name for _, name in _lookalikes(header, example)}
    for role, names in NAMES.items():
        # A column of partners may hold names; only what looks like a protein is taken for one.
        _choose(chosen, {p: n for p, n in free.items() if n in lookalikes} if role == "partner" else free, role, names)
    sequence = chosen.pop("sequence", None)
    if sequence is None and chosen.get("variant") is None:
        raise _no_sequence(header, example)
    columns = Columns(sequence=None if chosen.get("variant") else sequence, **chosen)
    column_positions(header, columns)
    return columns


def _may_hold_sequences(header: Sequence[str], free: Mapping[str, str], example: Sequence[str]) -> bool:
    return any(name in free for name in SEQUENCE_NAMES) or bool(_lookalikes(header, example))


def _lookalikes(header: Sequence[str], example: Sequence[str]) -> list[tuple[int, str]]:
    """Columns whose first value looks like a protein, with its length."""
    pairs = zip(header, example, strict=False)
    return [(len(value), name) for name, value in pairs if PROTEIN.fullmatch(value.strip())]


def _choose(chosen: dict[str, str | None], free: dict[str, str], role: str, names: Sequence[str]) -> None:
    if role not in chosen:
        chosen[role] = next((free.pop(name) for name in names if name in free), None)


def _holds_names(header: Sequence[str], column: str, example: Sequence[str]) -> bool:
    """Whether a column called 'protein' holds what proteins are called rather than their sequences."""
    values = dict(zip(header, example, strict=False))
    return column in values and not PROTEIN.fullmatch(values[column].strip())


def column_positions(header: Sequence[str], columns: Columns) -> dict[str, int]:
    """Field of Columns -> position in the header, for the fields that name a column.

    Raises DataError: missing_column, duplicate_column.
    """
    named = zip((field.name for field in fields(columns)), astuple(columns), strict=True)
    return {role: column_position(header, role, name) for role, name in named if name is not None}


def column_position(header: Sequence[str], role: str, name: str) -> int:
    """Where the header has the name; `role` is what it is wanted for. Raises DataError as `column_positions`."""
    name = unicodedata.normalize("NFC", name.strip())
    count = header.count(name)
    if count > 1:
        raise DataError("duplicate_column", f"The column '{name}' stands {count} times: rename all but one.", 1)
    if count == 1:
        return header.index(name)
    near = [other for other in header if plain_name(other) == plain_name(name)]
    near += difflib.get_close_matches(name, header, n=1)
    hint = f" Nearest: '{near[0]}'." if near else ""
    raise DataError("missing_column", f"No column '{name}' for {role}. Columns: {_listed(header)}.{hint}", 1)


def _no_sequence(header: Sequence[str], example: Sequence[str]) -> DataError:
    lookalike = _lookalikes(header, example)
    if any(PROTEIN.fullmatch(name.strip()) for name in header):
        hint = " The first line looks like data: put a line with the column names before it."
    elif lookalike:
        hint = f" '{max(lookalike)[1]}' holds what looks like sequences."
    else:
        plain = {plain_name(name): name for name in header}
        near = [hit for want in SEQUENCE_NAMES for hit in difflib.get_close_matches(want, plain, n=1)]
        hint = f" Nearest: '{plain[near[0]]}'." if near else ""
    return DataError(
        "missing_column",
        f"No column is called 'sequence' or the like: say which holds it. Columns: {_listed(header)}.{hint}",
        1,
    )


def _listed(header: Sequence[str]) -> str:
    shown = ", ".join(name if len(name) <= 40 else f"{name[:40]}..." for name in header[:30])
    return shown if len(header) <= 30 else f"{shown} and {len(header) - 30} more"
