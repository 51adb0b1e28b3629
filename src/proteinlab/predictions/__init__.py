"""What a run has predicted, read back and compared: NumPy, pandas and Arrow alone, so a server may do it too."""
