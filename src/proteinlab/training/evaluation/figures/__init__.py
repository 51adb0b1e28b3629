"""Figures of an evaluation, as PNG files for a notebook, a draft or the run's page."""
