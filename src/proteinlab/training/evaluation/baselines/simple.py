"""Baselines that need no fitting."""

import numpy as np

from proteinlab.stats.arrays import Array
from proteinlab.training.evaluation.baselines.material import Material


def mean(material: Material) -> Array:
    """The mean of the training targets for every row, or the frequencies of classes and labels."""
    average = material.numbers.mean(axis=0)
    return material.shaped(np.tile(average, (len(material.test), 1)))


def nearest(material: Material) -> Array:
    """The target of the most identical training sequence, trusted as far as it is identical.

    The rest of the trust goes to the mean of all; so does all of it where no relative was found or searched.
    For numbers the relative's target is taken as it is.
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
        trust = np.nan_to_num(material.kinship.identity[material.test.sample][found])[:, None].astype(np.float64)
    answers[found] = trust * copied + (1 - trust) * average
    return material.shaped(answers)
