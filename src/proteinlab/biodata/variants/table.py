"""A table of variants becomes records with sequences."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from proteinlab.biodata.errors import DataError
from proteinlab.biodata.readers import columns_of, read_blocks
from proteinlab.biodata.records import Columns, Record
from proteinlab.biodata.variants.notation import Mutation, parse_variant
from proteinlab.biodata.variants.wildtype import Stop, WildType, fitting_first

CLAIMS_FOR_HINT = 2000


@dataclass(frozen=True, slots=True)
class Variant:
    """`record.sequence` is that of the variant; `record.id` is its text where the table has no ids."""

    record: Record
    mutations: tuple[Mutation, ...]


def read_variants(
    path: Path, wild_type: WildType, columns: Columns | None = None, stop: Stop = "keep"
) -> Iterator[Variant]:
    """The variants of a table in its order.

    Raises DataError with the line: bad_variant, duplicate_position, position_outside, wild_type_mismatch (it
    names the numbering that would fit, if one does), stop_codon, and what reading a table raises.
    """
    columns = columns or columns_of(path)
    if columns is None or columns.variant is None:
        raise DataError("no_variants", "No column holds variants: name it as the variant column.", 1)
    for record in _texts(path, columns):
        mutations = parse_variant(record.sequence)
        try:
            sequence = wild_type.mutate(mutations, stop)
        except DataError as error:
            raise _with_hint(error, path, wild_type, columns).at(record.line) from error
        name = record.id if columns.id else record.sequence
        yield Variant(replace(record, id=name, sequence=sequence), mutations)


def _texts(path: Path, columns: Columns) -> Iterator[Record]:
    """Records whose sequence is the variant's canonical text."""
    for block in read_blocks(path, columns):
        yield from block.records()


def _with_hint(error: DataError, path: Path, wild_type: WildType, columns: Columns) -> DataError:
    if error.code not in {"wild_type_mismatch", "position_outside"}:
        return error
    claims: set[Mutation] = set()
    for record in _texts(path, columns):
        claims.update(parse_variant(record.sequence))
        if len(claims) >= CLAIMS_FOR_HINT:
            break
    fits = fitting_first(wild_type.sequence, claims)
    if len(fits) == 1:
        hint = f" All would fit if its first residue were number {fits[0]} (here {wild_type.first}): set first."
    else:
        hint = " Is this the right wild type?"
    return DataError(error.code, error.detail + hint, error.line)
