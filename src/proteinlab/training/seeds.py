"""Several trainings that differ in their seed alone, as one run with mean and spread.

Each seed's curves and scores stand in the run under `seed_<n>/`, its results in `seeds/<n>/`. The model that the run
keeps is that of the seed with the best validation score.
"""

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from omegaconf import DictConfig, OmegaConf

from proteinlab.stats.arrays import Array, Scores
from proteinlab.stats.bootstrap import Interval
from proteinlab.training.datamodule import SequenceDataModule
from proteinlab.training.errors import UserError
from proteinlab.training.evaluation.answers import given, scores_of
from proteinlab.training.evaluation.evaluating import Evaluation, units_of_rows
from proteinlab.training.evaluation.report import flat_metrics
from proteinlab.training.once import train_once
from proteinlab.training.samples import Samples
from proteinlab.training.served import ServedModel
from proteinlab.training.tasks import Task
from proteinlab.training.tracking import Record


class SeedRecord(Record):
    """Of one of several seeds: metrics go to the run under the seed's name, its model waits to be chosen."""

    def __init__(self, run: Record, seed: int) -> None:
        super().__init__(None)
        self._run = run
        self._seed = seed
        self.model_of_seed: tuple[ServedModel, Samples, int, str] | None = None

    def metrics(self, values: Mapping[str, float], step: int) -> None:
        self._run.metrics({f"seed_{self._seed}/{name}": value for name, value in values.items()}, step)

    def flush(self) -> None:
        self._run.flush()

    def batches_cut(self, parts: int) -> None:
        self._run.batches_cut(parts)

    def tags(self, values: Mapping[str, str]) -> None:
        self._run.tags(values)

    def model(self, served: ServedModel, samples: Samples, step: int, card: str) -> None:
        self.model_of_seed = served, samples, step, card


@dataclass(frozen=True)
class Summary:
    """One score over all seeds: mean, deviation (n - 1), and the interval of the mean on other test sets like this."""

    mean: float
    deviation: float
    interval: Interval | None


def train_seeds(cfg: DictConfig, samples: Samples, task: Task, record: Record) -> dict[str, float]:
    """Metrics as of one run, averaged, with `_sd` beside each score. Raises UserError bad_seeds."""
    seeds = checked(cfg.seeds)
    evaluations: dict[int, Evaluation] = {}
    records = {seed: SeedRecord(record, seed) for seed in seeds}
    for number, seed in enumerate(seeds, start=1):
        print(f"seed {seed} ({number} of {len(seeds)})", flush=True)
        with tempfile.TemporaryDirectory(prefix="checkpoints-") as checkpoints:
            own = configured(cfg, seed, checkpoints)
            found = train_once(own, samples, task, SequenceDataModule(samples, task, seed), records[seed])
        if found is not None:
            evaluations[seed] = found
    if not evaluations:
        return {}
    best = max(evaluations, key=lambda seed: validation_score(evaluations[seed]))
    summaries = summarised(list(evaluations.values()))
    metrics = flat(summaries, list(evaluations.values()))
    folder = Path(cfg.output_dir)
    write(folder, summaries, evaluations, metrics, best)
    record.metrics(metrics, step=0)
    record.tags({"seeds": ",".join(map(str, seeds)), "seeds.model_of": str(best)})
    if waiting := records[best].model_of_seed:
        record.model(*waiting)
    record.artifacts(folder)
    print("\n".join(lines(summaries, seeds)), flush=True)
    return metrics


def checked(seeds: Sequence[Any]) -> list[int]:
    """Raises UserError bad_seeds."""
    numbers = [seed for seed in seeds if isinstance(seed, int) and seed >= 0]
    if len(numbers) != len(seeds) or len(set(numbers)) != len(numbers) or len(numbers) < 2:
        detail = f"seeds={list(seeds)} should be two or more different whole numbers, as in seeds=[1,2,3]."
        raise UserError("bad_seeds", detail)
    return numbers


def configured(cfg: DictConfig, seed: int, checkpoints: str) -> DictConfig:
    """A lost job begins its seeds again: the checkpoints of one of them would not say what became of the others."""
    own = cfg.copy()
    own.seed, own.seeds, own.resume_dir, own.checkpoint_dir = seed, None, None, checkpoints
    own.output_dir = str(Path(cfg.output_dir) / "seeds" / str(seed))
    OmegaConf.resolve(own)
    return own


def validation_score(evaluation: Evaluation) -> float:
    return evaluation.points("val").get(evaluation.main, -np.inf)


def summarised(evaluations: Sequence[Evaluation]) -> dict[str, Summary]:
    """Of each test score that all have. The interval draws test rows once for all seeds."""
    points = [evaluation.points("test") for evaluation in evaluations]
    first = evaluations[0]
    task, truth = first.served.task, first.subject.questions["test"].truth
    scores = [scores_of(task, given(task, one.answered["test"].columns), truth) for one in evaluations]
    drawn = first.settings.drawn(Averaged(scores), units_of_rows(first.subject, first.units))
    summaries = {}
    for name in points[0]:
        values = [one[name] for one in points if name in one]
        if len(values) == len(points):
            deviation = float(np.std(values, ddof=1))
            summaries[name] = Summary(float(np.mean(values)), deviation, drawn.intervals.get(name))
    return summaries


class Averaged:
    """The mean of the scores of several models on the same rows."""

    def __init__(self, scores: Sequence[Scores]) -> None:
        self._scores = scores

    def __call__(self, weights: Array) -> dict[str, Array]:
        each = [scores(weights) for scores in self._scores]
        return {name: np.mean([one[name] for one in each], axis=0) for name in each[0]}


def flat(summaries: Mapping[str, Summary], evaluations: Sequence[Evaluation]) -> dict[str, float]:
    """Every metric that all seeds have, averaged; the test scores with `_sd` and their intervals."""
    each = [flat_metrics(evaluation) for evaluation in evaluations]
    metrics = {
        name: float(np.mean([one[name] for one in each])) for name in each[0] if all(name in one for one in each)
    }
    for name, summary in summaries.items():
        metrics[f"test_{name}_sd"] = summary.deviation
        if summary.interval:
            metrics |= {f"test_{name}_low": summary.interval.low, f"test_{name}_high": summary.interval.high}
    return metrics


def write(
    folder: Path,
    summaries: Mapping[str, Summary],
    evaluations: Mapping[int, Evaluation],
    metrics: Mapping[str, float],
    best: int,
) -> None:
    """`metrics.json` and `seeds.json`."""
    content = {
        "seeds": list(evaluations),
        "model_of_seed": best,
        "test": {
            name: {
                "mean": summary.mean,
                "sd": summary.deviation,
                "low": summary.interval and summary.interval.low,
                "high": summary.interval and summary.interval.high,
                "each": [evaluation.points("test")[name] for evaluation in evaluations.values()],
            }
            for name, summary in summaries.items()
        },
    }
    for name, written in {"seeds.json": content, "metrics.json": dict(metrics)}.items():
        (folder / name).write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")


def lines(summaries: Mapping[str, Summary], seeds: Sequence[int]) -> list[str]:
    shown = []
    for name, one in summaries.items():
        interval = "" if one.interval is None else f" [{one.interval.low:.4f}, {one.interval.high:.4f}]"
        shown.append(f"test_{name} {one.mean:.4f} ± {one.deviation:.4f}{interval}")
    return [f"seeds {', '.join(map(str, seeds))}: " + "  ".join(shown)]
