"""An evaluation in words and numbers: `evaluation.json`, metrics for MLflow, lines for the log."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from proteinlab.biodata import leakage
from proteinlab.stats.arrays import point
from proteinlab.stats.bootstrap import Bootstrapped, Interval
from proteinlab.training.evaluation.answers import scores_of
from proteinlab.training.evaluation.evaluating import BESIDE_REPLICATES, Evaluation
from proteinlab.training.evaluation.predictions import write_predictions

_VERSION = 1


def flat_metrics(evaluation: Evaluation) -> dict[str, float]:
    """`test_*` with `_low` and `_high`, `best_val_*`, `baseline_<name>_test_*`, the main score by identity."""
    metrics = {f"test_{name}": value for name, value in evaluation.points("test").items()}
    for name, interval in evaluation.scores.intervals.items():
        metrics |= {f"test_{name}_low": interval.low, f"test_{name}_high": interval.high}
    # Scores of validation rows belong to the epoch that was chosen by them.
    metrics |= {f"best_val_{name}": value for name, value in evaluation.points("val").items()}
    for baseline, scores in baseline_points(evaluation).items():
        metrics |= {f"baseline_{baseline}_test_{name}": value for name, value in scores.items()}
    for one in evaluation.bins:
        if one.interval:
            metrics[f"test_{evaluation.main}_{one.name}"] = one.interval.value
    if evaluation.coverage is not None:
        metrics["test_coverage_90"] = evaluation.coverage
    return metrics


def report(evaluation: Evaluation) -> dict[str, Any]:
    """What `evaluation.json` holds."""
    task, scores = evaluation.served.task, evaluation.scores
    return {
        "version": _VERSION,
        "task": {"kind": task.kind, "level": task.level, "classes": task.classes},
        "rows": {split: len(questions) for split, questions in evaluation.subject.questions.items()},
        "main_score": evaluation.main,
        "intervals": {
            "method": "BCa bootstrap",
            "level": scores.level,
            "replicates": scores.replicates,
            "replicates_beside": min(scores.replicates, BESIDE_REPLICATES),
            "seed": evaluation.settings.seed,
            "unit": evaluation.units.kind,
            "units": scores.units,
            "note": evaluation.units.note,
            "note_code": evaluation.units.code,
            "note_params": evaluation.units.params,
        },
        "test": _with_intervals(evaluation.points("test"), scores),
        "validation": evaluation.points("val"),
        "baselines": {
            baseline.name: {
                "about": baseline.about,
                "test": _with_intervals(baseline_points(evaluation)[baseline.name], bootstrapped),
            }
            for baseline, (_, bootstrapped) in evaluation.baselines.items()
        },
        "by_identity": [asdict(one) for one in evaluation.bins],
        "leakage": {"level": evaluation.subject.kinship.level, **leakage.summary(evaluation.subject.kinship.measured)},
        "calibration": asdict(evaluation.served.calibration),
        "uncertainty": {"promised_coverage": evaluation.promised, "test_coverage": evaluation.coverage},
    }


def write_results(evaluation: Evaluation, folder: Path) -> None:
    """`metrics.json`, `evaluation.json`, `predictions.parquet`, and `figures/` if wanted."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in {"metrics.json": flat_metrics(evaluation), "evaluation.json": report(evaluation)}.items():
        (folder / name).write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    write_predictions(evaluation, folder)
    if evaluation.settings.figures:
        from proteinlab.training.evaluation.figures.drawing import draw  # Matplotlib takes a second to load

        draw(evaluation, folder / "figures")


def lines(evaluation: Evaluation) -> list[str]:
    """For the log: each test score with its interval, and the main one beside the baselines'."""
    shown = []
    for name, value in evaluation.points("test").items():
        shown.append(f"test_{name} {_words(value, evaluation.scores.intervals.get(name))}")
    main = evaluation.main
    beside = [f"{name} {scores[main]:.4f}" for name, scores in baseline_points(evaluation).items() if main in scores]
    result = ["  ".join(shown)]
    if beside:
        result.append(f"baselines, test_{main}: " + "  ".join(beside))
    result.append(f"test set: {evaluation.subject.kinship.level}; intervals: {evaluation.units.note}")
    return result


def _words(value: float, interval: Interval | None) -> str:
    return f"{value:.4f}" if interval is None else f"{value:.4f} [{interval.low:.4f}, {interval.high:.4f}]"


def _with_intervals(points: Mapping[str, float], scores: Bootstrapped) -> dict[str, Any]:
    return {
        name: asdict(scores.intervals[name]) if name in scores.intervals else {"value": value}
        for name, value in points.items()
    }


def baseline_points(evaluation: Evaluation) -> dict[str, dict[str, float]]:
    """The test scores of each baseline."""
    truth = evaluation.subject.questions["test"].truth
    return {
        baseline.name: point(scores_of(evaluation.served.task, answers, truth), len(truth))
        for baseline, (answers, _) in evaluation.baselines.items()
    }
