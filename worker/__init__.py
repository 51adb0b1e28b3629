"""The agent of a worker machine, and the supervisor of each attempt."""
