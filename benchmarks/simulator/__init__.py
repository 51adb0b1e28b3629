"""A lab in simulated time: a seeded trace of jobs through the master's own placement."""
