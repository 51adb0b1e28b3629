"""Rows of a variant table as a block: what the quality report counts before a wild type is known."""

from collections.abc import Sequence

import numpy as np

from proteinlab.biodata.blocks import Ids, Labels, SequenceBlock
from proteinlab.biodata.errors import DataError
from proteinlab.biodata.residues import IntArray, composition
from proteinlab.biodata.variants.notation import Mutation, canonical, parse_variant


def variant_block(texts: Sequence[str], lines: IntArray, *, ids: Ids, labels: Labels) -> SequenceBlock:
    """`sequences` are the variants' canonical texts, so that equal variants are equal; `residues` are the
    letters that the mutations bring in, so that lengths count mutations. Raises DataError: bad_variant,
    duplicate_position.
    """
    parsed = [_parsed(text, line) for text, line in zip(texts, lines.tolist(), strict=True)]
    residues = "".join(one.replacement for mutations in parsed for one in mutations).encode("ascii")
    counts = np.array([len(mutations) for mutations in parsed], dtype=np.int64)
    return SequenceBlock(
        sequences=[canonical(mutations).encode("ascii") for mutations in parsed],
        residues=residues,
        offsets=np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(counts))),
        lines=lines,
        ids=ids,
        composition=composition(residues),
        aligned_lengths=counts,
        labels=labels,
    )


def _parsed(text: str, line: int) -> tuple[Mutation, ...]:
    try:
        return parse_variant(text)
    except DataError as error:
        raise error.at(line) from error
