"""Protein data: reading, checking, aligning, clustering, splitting. Imports no torch and no pandas."""
