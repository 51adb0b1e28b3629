"""What a file is, told by its first bytes. Its name only decides where the bytes leave it open."""

import csv
import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePath

from proteinlab.biodata.columns import SEQUENCE_NAMES, plain_name
from proteinlab.biodata.errors import DataError
from proteinlab.biodata.streams import is_gzip, read_head


class Format(StrEnum):
    FASTA = "fasta"
    CSV = "csv"
    TSV = "tsv"
    STOCKHOLM = "stockholm"
    CLUSTAL = "clustal"
    MSF = "msf"
    PDB = "pdb"
    MMCIF = "mmcif"
    TEXT = "text"
    BINARY = "binary"


KINDS = {
    Format.FASTA: "sequences",
    Format.CSV: "table",
    Format.TSV: "table",
    Format.STOCKHOLM: "alignment",
    Format.CLUSTAL: "alignment",
    Format.MSF: "alignment",
    Format.PDB: "structure",
    Format.MMCIF: "structure",
    Format.TEXT: "file",
    Format.BINARY: "file",
}
TABLES = frozenset({Format.CSV, Format.TSV})

FASTA_SUFFIXES = frozenset({".fasta", ".fa", ".faa", ".fas", ".fna", ".seq", ".a2m", ".a3m", ".afa", ".mfa"})
TABLE_SUFFIXES = frozenset({".csv", ".tsv", ".tab"})
# Binary files people do keep as data. A binary file of another name is a mistake: refused.
BINARY_SUFFIXES = frozenset(
    {".npy", ".npz", ".h5", ".hdf5", ".parquet", ".arrow", ".feather", ".safetensors", ".pt", ".pth", ".ckpt"}
    | {".pkl", ".lmdb", ".mdb", ".zip", ".tar", ".bcif", ".mmtf"}
)
PACKED = {
    b"PK\x03\x04": "It is a zip archive or an Excel workbook: unpack it, or save it as 'CSV UTF-8'.",
    b"BZh": "It is packed with bzip2: unpack it, or pack it with gzip.",
    b"\xfd7zXZ\x00": "It is packed with xz: unpack it, or pack it with gzip.",
    b"\x28\xb5\x2f\xfd": "It is packed with zstd: unpack it, or pack it with gzip.",
}
CONTROL = bytes(set(range(32)) - set(b"\t\n\x0b\x0c\r\x1b"))
PDB_START = re.compile(
    rb"(HEADER|OBSLTE|TITLE |SPLIT |CAVEAT|COMPND|SOURCE|KEYWDS|EXPDTA|NUMMDL|AUTHOR|REVDAT|REMARK|SEQRES"
    rb"|CRYST1|ORIGX1|MODEL |ATOM  |HETATM)[ \d]"
)
STARTS = {
    Format.FASTA: re.compile(rb">"),
    Format.STOCKHOLM: re.compile(rb"# STOCKHOLM"),
    Format.CLUSTAL: re.compile(rb"(CLUSTAL|MUSCLE|PROMALS|PROBCONS)\b"),
    Format.MSF: re.compile(rb"(PileUp|!!AA_MULTIPLE)|.*MSF: *\d+ +Type:"),
    Format.MMCIF: re.compile(rb"(#.*\n|\s)*data_\S"),
    Format.PDB: PDB_START,
}


@dataclass(frozen=True, slots=True)
class Source:
    """`delimiter` is that of a table, else an empty string."""

    format: Format
    gzip: bool
    delimiter: str = ""

    @property
    def kind(self) -> str:
        return KINDS[self.format]


def data_file(path: Path) -> Path:
    """`path`, or, of a folder such as a data set with arrays beside its table, its only FASTA file or table.

    Raises DataError no_data_file.
    """
    if not path.is_dir():
        return path
    found = [file for file in sorted(path.iterdir()) if file.is_file() and _has_sequences(file)]
    if len(found) != 1:
        names = ", ".join(file.name for file in found) or "none"
        detail = (
            f"The folder '{path.name}' must have one FASTA file or table at its top; it has: {names}. Name the file."
        )
        raise DataError("no_data_file", detail)
    return found[0]


def _has_sequences(path: Path) -> bool:
    try:
        source = recognise(path)
    except DataError:  # empty, or binary of an unknown kind
        return False
    return source.format is Format.FASTA or source.format in TABLES


def recognise(path: Path, name: str | None = None) -> Source:
    """Look at the first 64 KiB. `name` is the file's own name where `path` is a temporary one.

    Raises DataError: empty_file, binary_file, and what `read_chunks` raises.
    """
    head = read_head(path)
    packed = is_gzip(path)
    suffix = PurePath((name or path.name).casefold().removesuffix(".gz")).suffix
    if not head.strip():
        raise DataError("empty_file", "The file is empty.")
    if _is_binary(head):
        return Source(_binary(head, suffix), packed)
    start = head.lstrip()
    for format_, pattern in STARTS.items():
        if pattern.match(start):
            return Source(format_, packed)
    delimiter = _delimiter(head, suffix)
    if delimiter is not None:
        return Source(Format.TSV if delimiter == "\t" else Format.CSV, packed, delimiter)
    looks_fasta = suffix in FASTA_SUFFIXES or b"\n>" in head
    return Source(Format.FASTA if looks_fasta else Format.TEXT, packed)


def _is_binary(head: bytes) -> bool:
    """NUL never stands in text; of other control characters a few may."""
    controls = len(head) - len(head.translate(None, CONTROL))
    return b"\0" in head or controls * 100 > len(head)


def _binary(head: bytes, suffix: str) -> Format:
    if suffix in BINARY_SUFFIXES:
        return Format.BINARY
    reason = next((text for magic, text in PACKED.items() if head.startswith(magic)), None)
    raise DataError("binary_file", reason or "The file is binary, not text: upload FASTA, CSV or TSV.", 1)


def _delimiter(head: bytes, suffix: str) -> str | None:
    """The delimiter if this is a table. A comma stands for any in a table of a single column."""
    lines = head.decode("utf-8", errors="replace").lstrip().split("\n")
    first = lines[0]
    best = max("\t,;", key=first.count)
    columns = first.count(best) + 1
    if suffix in TABLE_SUFFIXES:
        return best if columns > 1 else ","
    if plain_name(first) in SEQUENCE_NAMES:
        return ","
    second = next((line for line in lines[1:] if line.strip()), "")
    same = columns > 1 and len(next(csv.reader([second], delimiter=best), [])) == columns
    return best if same else None
