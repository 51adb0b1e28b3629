"""Measures the platform against something real in the same run: `px bench [start|log|training|memory ...]`."""
