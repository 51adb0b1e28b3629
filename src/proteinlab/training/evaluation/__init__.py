"""Evaluation worth publishing: scores with intervals, baselines, leakage, calibration, figures, predictions kept."""
