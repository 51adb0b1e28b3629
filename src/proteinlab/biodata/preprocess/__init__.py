"""Preprocessing as a job: steps named in config, one after the other, make a new data set."""
