"""Protein structures: chains, coordinates, and what is computed from them."""
