"""Baselines that need no fitting."""

import numpy as np

from proteinlab.stats.arrays import Array
from proteinlab.training.evaluation.baselines.material import Material


def mean(material: Material) -> Array:
    """The mean of the training targets for every row, or the frequencies of classes and labels."""
    average = material.numbers.mean(axis=0)
    return material.shaped(np.tile(average, (len(material.test), 1)))


def nearest(material: Material) -> Array:
    """The target of the most identical training sequence; the mean of all where no relative was found or searched.

    The probability of a copied class or label is at least one half and grows with identity; the mean has the rest.
    """
    numbers = material.numbers
    average = numbers.mean(axis=0)
    row_of_sample = np.full(len(material.tokens), -1)
    row_of_sample[material.train.sample] = np.arange(len(material.train))
    relative = material.kinship.relative[material.test.sample]
    found = relative >= 0
    answers = np.tile(average, (len(material.test), 1))
    copied = numbers[row_of_sample[relative[found]]]
    trust = np.ones((len(copied), 1))
    if material.kind != "regression":
        identity = material.kinship.identity[material.test.sample][found]
        trust = (1 + identity[:, None].astype(np.float64)) / 2
    answers[found] = trust * copied + (1 - trust) * average
    return material.shaped(answers)
