"""What else starts jobs, measured in the same run on the same no-op script."""
