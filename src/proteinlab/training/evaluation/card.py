"""The model card (Mitchell et al., FAccT 2019), written from what a run knows of itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from proteinlab.biodata.homology.parent import ONE_PARENT
from proteinlab.stats.bootstrap import Interval
from proteinlab.training.evaluation.evaluating import Evaluation
from proteinlab.training.evaluation.report import baseline_points
from proteinlab.training.provenance import code_digest, file_digest

_HIDDEN = ("output_dir", "checkpoint_dir", "resume_dir", "track", "callbacks", "data.path")
_QUESTIONS = {
    "regression": "predicts a number for each {level}",
    "classification": "predicts one of {classes} for each {level}",
    "multilabel": "predicts any of the labels {classes} for each {level}",
}
_MOST_NAMED = 12


@dataclass(frozen=True)
class Training:
    """What the evaluation does not know: the flattened config, parameters learned, how long it took."""

    config: Mapping[str, Any]
    parameters: int
    fit_seconds: float


def model_card(evaluation: Evaluation, training: Training) -> str:
    """Markdown."""
    sections = {
        "What it does": _purpose(evaluation),
        "Data": _data(evaluation),
        "Scores on the test set": _scores(evaluation),
        "Leakage": _leakage(evaluation),
        "Uncertainty": _uncertainty(evaluation),
        "Limits": _limits(evaluation),
        "Training": _training(training),
        "How to use it": _usage(evaluation),
    }
    body = "\n\n".join(f"## {title}\n\n{text}" for title, text in sections.items())
    return f"# Model card\n\n{body}\n"


def _purpose(evaluation: Evaluation) -> str:
    task = evaluation.served.task
    names = task.classes
    shown = ", ".join(names[:_MOST_NAMED]) + (
        f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    )
    sentence = _QUESTIONS[task.kind].format(level=task.level, classes=shown)
    region = evaluation.served.region
    seen = ""
    if region.first != 1 or region.last is not None:
        seen = f" It sees residues {region.first} to {region.last or 'the end'} of each sequence and nothing else."
    return f"It {sentence}.{seen}"


def _data(evaluation: Evaluation) -> str:
    samples = evaluation.subject.samples
    counts = ", ".join(f"{count:,} {split}" for split, count in samples.counts().items())
    return (
        f"`{samples.path.name}`, sha256 `{file_digest(samples.path)}`.\n\n"
        f"Split: {samples.split_source}; sequences: {counts}."
    )


def _scores(evaluation: Evaluation) -> str:
    rivals = {name: points for name, points in baseline_points(evaluation).items() if points}
    header = [
        "score",
        "this model",
        f"{evaluation.scores.level:.0%} interval",
        *(f"baseline: {name}" for name in rivals),
    ]
    rows = []
    for name, value in evaluation.points("test").items():
        interval = evaluation.scores.intervals.get(name)
        beside = [f"{points[name]:.3f}" if name in points else "" for points in rivals.values()]
        rows.append([name, f"{value:.3f}", _interval(interval), *beside])
    notes = [f"- baseline {one.name}: {one.about}" for one in evaluation.baselines]
    how = f"Intervals: BCa bootstrap, {evaluation.scores.replicates:,} replicates; {evaluation.units.note}."
    binned = _bins(evaluation)
    return "\n\n".join(part for part in (_table(header, rows), "\n".join(notes), how, binned) if part)


def _bins(evaluation: Evaluation) -> str:
    if not evaluation.bins:
        return ""
    rows = [
        [
            one.label,
            f"{one.rows:,}",
            "too few" if one.interval is None else f"{one.interval.value:.3f}",
            _interval(one.interval),
        ]
        for one in evaluation.bins
    ]
    return _table(["nearest training sequence", "rows", evaluation.main, "interval"], rows)


def _leakage(evaluation: Evaluation) -> str:
    kinship = evaluation.subject.kinship
    if kinship.one_parent:
        return f"The data are {ONE_PARENT}: test and training sequences differ in few residues, as they are meant to."
    if not len(kinship.measured):
        return "Not measured: the training sequences are not at hand."
    share = float((kinship.measured >= 0.3).mean())
    return (
        f"Test sequences against the training set: {kinship.level}. The most related one is "
        f"{kinship.measured.max():.0%} identical; {share:.0%} of {len(kinship.measured):,} are at least 30 % identical."
    )


def _uncertainty(evaluation: Evaluation) -> str:
    kind, known = evaluation.served.task.kind, evaluation.served.calibration
    if kind == "multilabel":
        return "The column `uncertainty` is the expected share of labels that are wrong."
    if kind == "classification":
        return (
            "The column `uncertainty` is the probability that the prediction is wrong, 1 less the largest class "
            f"probability, after scaling by the temperature {known.temperature:.3f} learned from validation rows."
        )
    if known.half_width is None or evaluation.coverage is None:
        return "None: there are too few validation rows to learn it from."
    return (
        "The column `uncertainty` is half the width of an interval that should hold 90 % of targets, learned from "
        f"validation rows. On the test set it holds {evaluation.coverage:.0%}."
    )


def _limits(evaluation: Evaluation) -> str:
    limits = ["Scores say what to expect of sequences like those of the test set, measured the same way."]
    if evaluation.subject.kinship.one_parent:
        limits.append("It knows variants of one protein; it says nothing of other proteins.")
    if evaluation.coverage is not None and evaluation.coverage < 0.85:
        limits.append("Its uncertainty is too small on the test set, which differs from the validation rows.")
    worse = [
        name
        for name, points in baseline_points(evaluation).items()
        if points.get(evaluation.main, -1.0) >= evaluation.points("test").get(evaluation.main, 0.0)
    ]
    if worse:
        limits.append(f"It is no better than the baseline {' and '.join(worse)} by {evaluation.main}.")
    limits.append(f"Sequences of more than {evaluation.served.max_length:,} residues are refused.")
    return "\n".join(f"- {limit}" for limit in limits)


def _training(training: Training) -> str:
    kept = {key: value for key, value in training.config.items() if not key.startswith(_HIDDEN) and value is not None}
    settings = "\n".join(f"{key}: {value}" for key, value in kept.items())
    return (
        f"{training.parameters:,} parameters, trained in {training.fit_seconds:.0f} s "
        f"with code `{code_digest()[:12]}`.\n\n"
        f"```yaml\n{settings}\n```"
    )


def _usage(evaluation: Evaluation) -> str:
    given = '["MKT..."]' if evaluation.subject.samples.partners is None else "a table with columns sequence and partner"
    return (
        "```python\nimport mlflow\n\n"
        'model = mlflow.pyfunc.load_model("models:/<name>/<version>")  # or runs:/<run>/model\n'
        f"model.predict({given})\n```"
    )


def _interval(interval: Interval | None) -> str:
    return "" if interval is None else f"{interval.low:.3f} to {interval.high:.3f}"


def _table(header: list[str], rows: list[list[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
