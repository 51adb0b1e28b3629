"""Composes one Hydra config from a snapshot's YAML files, in a process of its own: `python -m app.projects.composer`.

A request comes as JSON on standard input, the answer goes as JSON to standard output. No project code runs, nothing is
resolved, and once Hydra is loaded no file outside the snapshot and the Python installation can be opened. Whatever is
imported here costs time at every job: Hydra, OmegaConf and the standard library only.
"""
