"""Alignments: of two sequences, of many, read from files, and what is computed from them."""
