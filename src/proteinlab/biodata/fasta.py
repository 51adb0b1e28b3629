"""FASTA, a block of records at a time: NumPy finds the lines, so the cost per residue is small."""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from proteinlab.biodata.blocks import Labels, SequenceBlock, build_block
from proteinlab.biodata.errors import DataError
from proteinlab.biodata.records import final_set, set_name
from proteinlab.biodata.residues import ByteArray, IntArray
from proteinlab.biodata.streams import read_chunks

# The longest known protein has about 45,000 residues; a record above this is a genome or not FASTA at all.
LONGEST_RECORD = 1 << 25
# Labels in the header as biotrainer writes them: >id SET=train TARGET=0.5 MASK=0110
ATTRIBUTES = re.compile(rb"(?<!\S)(TARGET|SET|MASK|VALIDATION)=(\S+)")
BLANKS = b" \t\x0b\x0c"


def read_fasta(path: Path) -> Iterator[SequenceBlock]:
    """Memory is that of a few chunks of 1 MiB, or of the longest record.

    Raises DataError: text_before_header, missing_id, empty_sequence, illegal_residue, bad_boolean,
    record_too_long, and what `read_chunks` raises.
    """
    line, started = 1, False
    for text in _whole_records(path):
        block = text if started else text.lstrip()
        line += text.count(b"\n", 0, len(text) - len(block))
        if block:
            started = True
            yield _parse(block, line)
            line += block.count(b"\n")


def _whole_records(path: Path) -> Iterator[bytes]:
    """Stretches of text that end with a record and a line feed. The first may begin with blank lines."""
    held, lines = b"", 0
    try:
        for chunk in read_chunks(path):
            text = held + chunk
            _check_start(text, lines)
            cut = text.rfind(b"\n>") + 1
            held = text[cut:]
            if cut:
                yield text[:cut]
                lines += text.count(b"\n", 0, cut)
            _check_size(held)
    except DataError as error:
        raise error.at(lines + held.count(b"\n") + 1) from error
    if held:
        yield held if held.endswith(b"\n") else held + b"\n"


def _check_size(held: bytes) -> None:
    if len(held) > LONGEST_RECORD:
        detail = f"The record before this line has over {LONGEST_RECORD:,} characters: is this a genome?"
        raise DataError("record_too_long", detail)


def _check_start(text: bytes, lines: int) -> None:
    if text.startswith(b">"):
        return
    start = text.lstrip()
    if start and not start.startswith(b">"):
        line = lines + 1 + text.count(b"\n", 0, len(text) - len(start))
        detail = "Text stands before the first '>' header: remove it, or add the header."
        raise DataError("text_before_header", detail, line)


def _parse(block: bytes, line: int) -> SequenceBlock:
    codes = np.frombuffer(block, dtype=np.uint8)
    ends = np.flatnonzero(codes == ord("\n"))
    starts = np.concatenate((np.zeros(1, dtype=np.int64), ends[:-1] + 1))
    heads = np.flatnonzero(codes[starts] == ord(">"))  # which lines are headers
    head_starts, head_ends = starts[heads], ends[heads]
    record_ends = np.append(head_starts[1:], len(block))
    line_feeds = np.diff(np.append(heads, len(ends)))

    bodies = [block[a:b] for a, b in zip(head_ends.tolist(), record_ends.tolist(), strict=True)]
    letters = b"".join(bodies).replace(b"\n", b"")
    lengths = record_ends - head_ends - line_feeds
    if any(blank in letters for blank in BLANKS):
        cleaned = [body.translate(None, BLANKS + b"\n") for body in bodies]
        letters, lengths = b"".join(cleaned), np.array([len(text) for text in cleaned], dtype=np.int64)
    return build_block(
        letters,
        lengths,
        line + heads,
        _ids(block, codes, head_starts, head_ends, line + heads),
        labels=_labels(block, head_starts, head_ends, line + heads),
        line_of=lambda offset: line + _line_of(block, offset),
    )


def _ids(block: bytes, codes: ByteArray, starts: IntArray, ends: IntArray, lines: IntArray) -> list[bytes]:
    """The first word of each header."""
    blanks = np.append(np.flatnonzero((codes == ord(" ")) | (codes == ord("\t"))), len(block))
    stops = np.minimum(blanks[np.searchsorted(blanks, starts)], ends)
    ids = [block[a:b] for a, b in zip((starts + 1).tolist(), stops.tolist(), strict=True)]
    for at in np.flatnonzero(stops - starts < 2).tolist():  # '>' alone, or a blank after it
        words = block[starts[at] + 1 : ends[at]].split(None, 1)
        if not words:
            raise DataError("missing_id", "The header has no name: write one after '>'.", int(lines[at]))
        ids[at] = words[0]
    return ids


def _labels(block: bytes, starts: IntArray, ends: IntArray, lines: IntArray) -> Labels:
    if b"=" not in block:
        return Labels()
    headers = [block[a:b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]
    if not ATTRIBUTES.search(b"\n".join(headers)):
        return Labels()
    found = [_attributes(header, line) for header, line in zip(headers, lines.tolist(), strict=True)]
    targets, sets, masks = ([row[i] for row in found] for i in range(3))
    return Labels(
        targets if any(targets) else None, sets if any(sets) else None, masks if any(masks) else None
    )


def _attributes(header: bytes, line: int) -> tuple[str | None, str | None, str | None]:
    """Target, set and mask of one header."""
    pairs = {key.decode(): value.decode("utf-8", "replace") for key, value in ATTRIBUTES.findall(header)}
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
