"""The two pages that the master itself serves: each one file, nothing fetched from elsewhere."""
