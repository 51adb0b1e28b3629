"""What is wrong with a file that somebody sends: in the words of the data library, which knows no codes of ours."""

from collections.abc import Mapping
from typing import Final

PHRASES: Final[Mapping[str, str]] = {
    # the file as a whole
    "file_empty": "The file is empty.",
    "file_binary": "The file is binary, not text: upload FASTA, CSV or TSV.",
    "file_zip": "It is a zip archive or an Excel workbook: unpack it, or save it as 'CSV UTF-8'.",
    "file_packed": "It is packed with {packer}: unpack it, or pack it with gzip.",
    "file_utf16": "The file is UTF-16 text: save it as UTF-8 ('CSV UTF-8').",
    "file_gzip_damaged": "The gzip data is damaged ({detail}): pack it again.",
    "file_gzip_cut": "The gzip file ends too early: copy or pack it again.",
    "file_not_sequences": "This is a {kind} ({format}), not FASTA, CSV or TSV.",
    "file_not_cleaned": "Only sequences and tables are cleaned; this is: {kind}.",
    "file_nothing_left": "No record of the file can be used: look at the quality report.",
    "file_no_records": "The file has a header line and no rows: add the data.",
    "file_unreadable": "{file} can't be read: it is damaged, or needs more memory than this may use.",
    "file_check_endless": "The check of {file} did not end: {detail}. Split the file.",
    "folder_unclear": "The folder '{folder}' must have one FASTA file or table at its top; it has: {there}. "
    "Name the file.",
    # FASTA
    "text_before_header": "Text stands before the first '>' header: remove it, or add the header.",
    "header_without_name": "The header has no name: write one after '>'.",
    "record_too_long": "The record before this line has over {limit} characters: is this a genome?",
    # records
    "no_sequence": "'{id}' has no sequence: add it or remove the record.",
    "no_residue": "{letter} is not a residue: allowed are the 20 letters, B J O U X Z, "
    "'*' for a stop, and '-' '.' in alignments.",
    "gaps_unaligned": "Gaps ('-', '.') are for alignments, whose rows are equally long; here they are not: "
    "remove the gaps or mend the alignment.",
    "gaps_in_one": "Gaps ('-', '.') are for alignments, and this is one sequence: remove the gaps.",
    "id_again_mend": "The id '{id}' stands on line {first} already: rename or remove one of the two.",
    "id_again": "The id '{id}' stands on line {first} already.",
    # tables
    "row_ragged": "The row has {fields} fields, the header {wanted}: quote fields that hold a '{sign}'.",
    "row_unreadable": "The row cannot be read ({detail}): check its quotes.",
    "row_endless": "The line has over {limit} characters: is this a table?",
    "byte_not_utf8": "Byte {byte} is not UTF-8: save the file as 'CSV UTF-8'.",
    "column_twice": "The column '{column}' stands {times} times: rename all but one.",
    "column_missing_near": "No column '{column}' for {meaning}. Columns: {columns}. Nearest: '{nearest}'.",
    "column_missing": "No column '{column}' for {meaning}. Columns: {columns}.",
    "no_header_line": "No column is called 'sequence' or the like: say which holds it. Columns: {columns}. "
    "The first line looks like data: put a line with the column names before it.",
    "no_sequence_column_alike": "No column is called 'sequence' or the like: say which holds it. Columns: {columns}. "
    "'{nearest}' holds what looks like sequences.",
    "no_sequence_column_near": "No column is called 'sequence' or the like: say which holds it. Columns: {columns}. "
    "Nearest: '{nearest}'.",
    "no_sequence_column": "No column is called 'sequence' or the like: say which holds it. Columns: {columns}.",
    "no_boolean": "'{value}' in the validation column is neither True nor False.",
    "too_many_sets": "The set column has over {limit} different words: it names no split.",
    # variants
    "no_mutation": "'{part}' in variant '{variant}' is no mutation: write substitutions as G126A or "
    "p.Gly126Ala, stops as G126*, deletions as G126del.",
    "position_twice": "Variant '{variant}' changes position {position} twice: keep one of the two.",
    "wild_type_wanted": "The column '{column}' holds variants: preprocessing makes sequences of them.",
    # alignments
    "not_aligned": "This is a {kind} ({format}), not Stockholm, Clustal, MSF or aligned FASTA.",
    "no_row_letter": "{letter} in row '{row}' is neither a residue nor a gap ('-' or '.').",
    "alignment_empty": "The alignment has no rows.",
    "rows_unequal": "Row '{row}' has {own} columns, row '{first}' has {width}: all must be equally long.",
    "rows_unequal_again": "Row '{row}' has {own} columns, row '{first}' {width}: align them again.",
    "second_alignment": "A second alignment starts here: keep one per file.",
    "stockholm_cut": "The Stockholm file has no '//' at its end: it is cut short.",
    "msf_cut": "The MSF file has no '//' after its list of names: it is cut short.",
    "no_alignment_row": "The line is no row: a name, blanks, a row without blanks: {text}",
    "all_gaps": "All {columns} columns have over {share} gaps: allow more gaps.",
    # structures
    "not_a_structure": "This is a {kind} ({format}), not PDB or mmCIF.",
    "structure_too_large": "The structure has {atoms} atoms, over {limit}: give its chains as several files.",
    "structure_no_atoms": "The structure file has no atoms: is it cut short?",
    "structure_no_model": "The file has atoms but no model: is its atom table complete?",
    "structure_unreadable": "The structure cannot be read ({detail}): download it again.",
    "atom_row_unreadable": "The row of an atom has {values} values for {columns} columns: download the file again.",
    "no_protein_but": "The structure has no chain of amino acids: it has {there}. Give one with a protein.",
    "no_protein": "The structure has no chain of amino acids. Give one with a protein.",
    # on its way
    "upload_too_large": "The file has {size} MiB; this master takes up to {limit} MiB. An admin can raise it.",
    "upload_no_space": "The workdir's disk has too little room for this. Delete what is not needed.",
    "copy_no_space": "The workdir's disk has too little room for a cleaned copy. Delete what is not needed.",
    "disk_full": "The workdir's disk is full. Delete what is not needed, then try again.",
    "upload_changed": "The content's SHA-256 is not {sha256}; the file changed meanwhile. Upload it again.",
    "upload_gone": "There is no upload {upload} of yours; open it again.",
    "upload_taken": "Another request has just used the same upload; try again.",
    "file_name_slash": "The file name {file} has a slash; give the name alone.",
}

WRAPPED: Final[Mapping[str, str]] = {
    "or_clean": "{reason} Or upload it with `clean`, which drops all such records.",
    "on_line": "line {line}: {reason}",
}
"""Phrases around others. They are looked for first: what they are around may begin with anything."""
