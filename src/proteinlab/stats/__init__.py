"""Scores, intervals and paired tests. NumPy alone, so that a server may use them as well as a training job.

A score here is a function of weights: a row counted twice weighs 2, a row left out 0. With weights of one it is the
score itself; with the counts of a resampled data set it is one replicate of the bootstrap, and many replicates are
one matrix product. So a score and its interval can never disagree about what they measure.
"""
