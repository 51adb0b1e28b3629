"""Warm start: a launcher process has the heavy libraries imported, and every job is a fork of it.

The launcher forks a supervisor, and the supervisor forks the job: who owns whom, who waits for whom, process groups,
cgroup, confinement and signals are the very same as with fresh interpreters. The launcher only imports. It never
computes: a child of a process that has used OpenMP's pool hangs in its own first use of it.
"""
