"""How a training run ends: its model is evaluated, described and recorded."""

import json
from pathlib import Path

from omegaconf import DictConfig, OmegaConf

from proteinlab.training.building import build
from proteinlab.training.evaluation.card import Training, model_card
from proteinlab.training.evaluation.evaluating import Evaluation, Subject, evaluate
from proteinlab.training.evaluation.report import flat_metrics, lines, write_results
from proteinlab.training.tracking import Record, flatten


def conclude(subject: Subject, cfg: DictConfig, record: Record, step: int, fit_seconds: float) -> Evaluation:
    """The evaluation, once everything is written and recorded."""
    folder = Path(cfg.output_dir)
    evaluation = evaluate(subject, build(cfg.evaluation))
    metrics = flat_metrics(evaluation)
    record.metrics(metrics, step)
    record.tags(subject.kinship.tags())
    write_results(evaluation, folder)
    write_timings(folder, fit_seconds)
    parameters = sum(part.numel() for part in subject.served.net.parameters())
    card = model_card(evaluation, Training(flatten(OmegaConf.to_container(cfg, resolve=True)), parameters, fit_seconds))
    (folder / "model_card.md").write_text(card, encoding="utf-8")
    record.model(evaluation.served, subject.samples, step, card)
    record.artifacts(folder)
    print("\n".join(lines(evaluation)), flush=True)
    return evaluation


def write_timings(folder: Path, fit_seconds: float) -> None:
    """`timings.json`, apart from the metrics: a resumed run has the same metrics, never the same times."""
    (folder / "timings.json").write_text(json.dumps({"fit_seconds": fit_seconds}, indent=1) + "\n", encoding="utf-8")
