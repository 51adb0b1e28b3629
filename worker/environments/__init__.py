"""Where a job's code runs: in the worker's own environment, in one made for the project, or in a container.

Each kind is a small class with the same two methods (`base.Environment`); `choice.choose` picks one.
"""
