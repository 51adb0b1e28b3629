"""Wire types and words that master, workers and clients share. Nothing here does I/O but `snapshot`."""
