"""The story of an evaluation: ask the model, calibrate, score, compare with baselines, describe."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np

from proteinlab.stats.arrays import Array, point
from proteinlab.stats.bootstrap import Bootstrapped
from proteinlab.stats.kinds import MAIN_SCORE
from proteinlab.training.datamodule import SequenceDataModule
from proteinlab.training.encoded import Encoded
from proteinlab.training.evaluation.answers import Questions, given, scores_of
from proteinlab.training.evaluation.baselines import Baseline, Material, baselines_for
from proteinlab.training.evaluation.bins import Bin, Membership, distance_bins, identity_bins, scored
from proteinlab.training.evaluation.kinship import BUDGET, Kinship, measure_kinship
from proteinlab.training.evaluation.settings import Settings
from proteinlab.training.evaluation.uncertainty import COVERAGE, Calibration, conformal, temperature_scaling
from proteinlab.training.evaluation.units import Units, find_units
from proteinlab.training.outputs import Index
from proteinlab.training.samples import Samples
from proteinlab.training.served import Answered, ServedModel
from proteinlab.training.splits import SPLITS, Split

BESIDE_REPLICATES: Final = 500
"""Draws for what stands beside the scores: baselines and bins."""


@dataclass(frozen=True)
class Subject:
    """What is evaluated: a model, and the questions of each split, `encoded` as the model takes them."""

    served: ServedModel
    samples: Samples
    questions: Mapping[Split, Questions]
    encoded: Mapping[Split, Encoded]
    kinship: Kinship

    @classmethod
    def of(cls, served: ServedModel, samples: Samples, data: SequenceDataModule) -> "Subject":
        """What a run has trained, on the data that it was trained with."""
        questions = {
            split: Questions.of(served.task, split, samples.indices(split), data.rows[split], data.encoded[split])
            for split in SPLITS
        }
        kinship = samples.kinship or measure_kinship(
            samples.sequences, samples.splits, partners=samples.partners, budget=BUDGET
        )
        return cls(served, samples, questions, data.encoded, kinship)


@dataclass(frozen=True)
class Evaluation:
    """`served` is the model with its calibration, `answered` what it says of each split."""

    subject: Subject
    settings: Settings
    served: ServedModel
    answered: Mapping[Split, Answered]
    units: Units
    scores: Bootstrapped
    baselines: Mapping[Baseline, tuple[Array, Bootstrapped]]
    bins: list[Bin]

    @property
    def main(self) -> str:
        return MAIN_SCORE[self.served.task.kind]

    def points(self, split: Split) -> dict[str, float]:
        """The scores of a split without intervals; none where it has no rows."""
        questions = self.subject.questions.get(split)
        if questions is None or not len(questions):
            return {}
        answers = given(self.served.task, self.answered[split].columns)
        return point(scores_of(self.served.task, answers, questions.truth), len(questions))

    @cached_property
    def coverage(self) -> float | None:
        """For numbers: the share of test targets within the uncertainty of their prediction; 90 % were promised."""
        test, columns = self.subject.questions["test"], self.answered["test"].columns
        if self.served.task.kind != "regression" or np.isnan(columns["uncertainty"]).any():
            return None
        return float(np.mean(np.abs(columns["prediction"] - test.truth) <= columns["uncertainty"]))

    @property
    def promised(self) -> float:
        return COVERAGE


def evaluate(subject: Subject, settings: Settings) -> Evaluation:
    """Scores with intervals on the test rows, beside baselines; predictions for the rows of all splits."""
    served = replace(subject.served, calibration=_calibration(subject, settings))
    answered = {split: served.answer(encoded) for split, encoded in subject.encoded.items()}
    units = _units(subject, settings)
    test = subject.questions["test"]
    own = units_of_rows(subject, units)
    answers = given(served.task, answered["test"].columns)
    scores = settings.drawn(scores_of(served.task, answers, test.truth), own)
    quick = replace(settings, replicates=min(settings.replicates, BESIDE_REPLICATES))
    baselines = {}
    if settings.baselines and len(subject.questions.get("train", ())):
        material = _material(subject)
        for baseline in baselines_for(served.task.level):
            said = baseline.answer(material)
            baselines[baseline] = (said, quick.drawn(scores_of(served.task, said, test.truth), own))
    bins = scored(
        _memberships(subject),
        lambda rows: scores_of(served.task, answers[rows], test.truth[rows]),
        own,
        MAIN_SCORE[served.task.kind],
        quick.drawn,
    )
    return Evaluation(subject, settings, served, answered, units, scores, baselines, bins)


def _calibration(subject: Subject, settings: Settings) -> Calibration:
    """From the validation rows; what the model already knows where there are none."""
    known = subject.questions.get("val")
    if known is None or not len(known):
        return subject.served.calibration
    task = subject.served.task
    plain = replace(subject.served, calibration=Calibration(dropout_passes=settings.dropout_passes))
    if task.kind == "regression":
        answered = plain.answer(subject.encoded["val"])
        return conformal(answered.columns["prediction"], known.truth, answered.spread, settings.dropout_passes)
    if not settings.calibrate:
        return Calibration()
    return temperature_scaling(task.kind, plain.outputs(subject.encoded["val"]).values, known.truth)


def _units(subject: Subject, settings: Settings) -> Units:
    samples = subject.samples
    return find_units(
        [samples.sequences[row] for row in samples.indices("test")],
        pairs=samples.partners is not None,
        one_parent=subject.kinship.one_parent,
        cluster_identity=settings.cluster_identity,
    )


def units_of_rows(subject: Subject, units: Units) -> Index:
    """The unit of each test row."""
    index = np.array(subject.samples.indices("test"))
    place: Index = np.searchsorted(index, subject.questions["test"].sample)
    return units.of_rows(place)


def _material(subject: Subject) -> Material:
    task, samples = subject.served.task, subject.samples
    return Material(
        kind=task.kind,
        classes=task.outputs,
        tokens=samples.tokens,
        partners=samples.partner_tokens,
        train=subject.questions["train"],
        test=subject.questions["test"],
        kinship=subject.kinship,
        first=samples.region.first,
    )


def _memberships(subject: Subject) -> list[Membership]:
    sample = subject.questions["test"].sample
    identity = subject.kinship.identity[sample].astype(np.float64)
    if not subject.kinship.one_parent:
        return identity_bins(identity)
    lengths = np.array([len(one) for one in subject.samples.sequences])[sample]
    return distance_bins(identity, lengths)
