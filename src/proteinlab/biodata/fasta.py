"""FASTA, a block of records at a time: NumPy finds the lines, so the cost per residue is small."""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from proteinlab.biodata.blocks import BLANKS, Labels, SequenceBlock, build_block
from proteinlab.biodata.errors import DataError
from proteinlab.biodata.headers import header_ids
from proteinlab.biodata.records import final_set, set_name
from proteinlab.biodata.residues import ByteArray, IntArray
from proteinlab.biodata.streams import read_chunks

# The longest known protein has about 45,000 residues; a record above this is a genome or not FASTA at all.
LONGEST_RECORD = 1 << 25
# Labels in the header as biotrainer writes them: >id SET=train TARGET=0.5 MASK=0110
ATTRIBUTES = re.compile(rb"(?<!\S)(TARGET|SET|MASK|VALIDATION)=(\S+)")
ATTRIBUTE_ENDS = (b"ET", b"SK", b"ON")


def read_fasta(path: Path) -> Iterator[SequenceBlock]:
    """Memory is that of a few chunks of 512 KiB, or of the longest record.

    Raises DataError: text_before_header, missing_id, empty_sequence, illegal_residue, bad_boolean,
    record_too_long, and what `read_chunks` raises.
    """
    line, held, started = 1, b"", False
    try:
        for chunk in read_chunks(path):
            text = held + chunk
            if not started:
                text, line = _first_header(text, line)
                started = bool(text)
            cut = text.rfind(b"\n>") + 1
            held = text[cut:]
            if cut:
                block, lines = _parse(text[:cut], line)
                line += lines
                yield block
            _check_size(held)
    except DataError as error:
        raise error.at(line + held.count(b"\n")) from error
    if held:
        yield _parse(held if held.endswith(b"\n") else held + b"\n", line)[0]


def _first_header(text: bytes, line: int) -> tuple[bytes, int]:
    """The text from its first line that is not blank, and the number of that line."""
    start = text.lstrip()
    line += text.count(b"\n", 0, len(text) - len(start))
    if start and not start.startswith(b">"):
        detail = "Text stands before the first '>' header: remove it, or add the header."
        raise DataError("text_before_header", detail, line)
    return start, line


def _check_size(held: bytes) -> None:
    if len(held) > LONGEST_RECORD:
        detail = f"The record before this line has over {LONGEST_RECORD:,} characters: is this a genome?"
        raise DataError("record_too_long", detail)


def _parse(block: bytes, line: int) -> tuple[SequenceBlock, int]:
    """The records of a text that starts on `line`, and how many lines it has."""
    codes = np.frombuffer(block, dtype=np.uint8)
    ends = np.flatnonzero(codes == ord("\n"))
    starts = np.concatenate((np.zeros(1, dtype=np.int64), ends[:-1] + 1))
    heads = np.flatnonzero(codes[starts] == ord(">"))  # which lines are headers
    lines = line + heads
    head_starts, head_ends = starts[heads], ends[heads]
    bodies = zip(head_ends.tolist(), [*head_starts[1:].tolist(), len(block)], strict=True)
    result = build_block(
        [block[start:stop].replace(b"\n", b"") for start, stop in bodies],
        lines,
        ids=header_ids(block, head_starts, head_ends, lines),
        labels=_labels(block, codes, head_starts, head_ends, lines),
        line_of=lambda offset: line + _line_of(block, offset),
    )
    return result, len(ends)


def _labels(block: bytes, codes: ByteArray, starts: IntArray, ends: IntArray, lines: IntArray) -> Labels:
    if not _may_have_attributes(codes):
        return Labels()
    headers = [block[a:b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]
    found = [_attributes(header, line) for header, line in zip(headers, lines.tolist(), strict=True)]
    targets, sets, masks = ([row[i] for row in found] for i in range(3))
    return Labels(targets if any(targets) else None, sets if any(sets) else None, masks if any(masks) else None)


def _may_have_attributes(codes: ByteArray) -> bool:
    """Whether any '=' has the last letters of an attribute before it. UniProt's OS= and the like have not."""
    equals = np.flatnonzero(codes == ord("="))  # never 0: a block starts with '>'
    last, previous = codes[equals - 1], codes[equals - 2]
    return any(bool(((previous == before) & (last == at)).any()) for before, at in ATTRIBUTE_ENDS)


def header_attributes(header: bytes) -> dict[str, str]:
    """TARGET, SET, MASK and VALIDATION as a header has them."""
    return {key.decode(): value.decode("utf-8", "replace") for key, value in ATTRIBUTES.findall(header)}


def _attributes(header: bytes, line: int) -> tuple[str | None, str | None, str | None]:
    """Target, set and mask of one header."""
    pairs = header_attributes(header)
    set_ = set_name(pairs.get("SET", ""))
    if "VALIDATION" in pairs:
        try:
            set_ = final_set(set_, pairs["VALIDATION"])
        except DataError as error:
            raise error.at(line) from error
    return pairs.get("TARGET"), set_, pairs.get("MASK")


def _line_of(block: bytes, offset: int) -> int:
    """Which line of the block, from 0, holds the letter at an offset that counts letters only."""
    for number, text in enumerate(block.split(b"\n")):
        if not text.startswith(b">"):
            offset -= len(text.translate(None, BLANKS))
            if offset < 0:
                return number
    raise IndexError(offset)
