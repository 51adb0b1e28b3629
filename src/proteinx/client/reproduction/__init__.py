"""Repeating a job from its pins: on the platform, and from a capsule on a machine that knows nothing of it."""
