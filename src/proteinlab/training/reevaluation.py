"""The story of an evaluation run: a logged model on labelled data, new or old."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omegaconf import DictConfig

from proteinlab.biodata.formats import data_file
from proteinlab.biodata.records import Record
from proteinlab.training.building import build
from proteinlab.training.errors import UserError
from proteinlab.training.prediction import bundle_folder
from proteinlab.training.splits import Split
from proteinlab.training.tables import ColumnChoice, read_partners, read_table

if TYPE_CHECKING:
    from proteinlab.training.evaluation.evaluating import Subject
    from proteinlab.training.served import ServedModel


@dataclass(frozen=True)
class Labelled:
    """Records to be tested, behind those that a model was trained on, if they are at hand."""

    path: Path
    records: list[Record]
    partners: list[Record] | None
    splits: list[Split]
    source: str


def evaluate(cfg: DictConfig) -> dict[str, float]:
    """Score a logged model on a file with labels; writes and records what training does at its end.

    Raises UserError or DataError where the person who asked has to change something.
    """
    settings = build(cfg.evaluation)
    labelled = read_labelled(data_file(Path(cfg.data.path)), cfg.data.columns, cfg.data.use_sets, cfg.train.path)
    folder = bundle_folder(Path(cfg.model.path))
    print(f"evaluating on {labelled.splits.count('test')} sequences ({labelled.source})", flush=True)

    from proteinlab.training.evaluation.evaluating import evaluate as evaluated
    from proteinlab.training.evaluation.report import flat_metrics, lines, write_results
    from proteinlab.training.served import ServedModel
    from proteinlab.training.tracking import recorded_run

    subject = subject_of(ServedModel.load(folder), labelled)
    output = Path(cfg.output_dir)
    with recorded_run(cfg.track, resumed=False) as record:
        record.describe(cfg, subject.samples, context="evaluation")
        evaluation = evaluated(subject, settings)
        metrics = flat_metrics(evaluation)
        record.metrics(metrics, step=0)
        record.tags(subject.kinship.tags() if labelled.splits.count("train") else {})
        write_results(evaluation, output)
        record.artifacts(output)
    print("\n".join(lines(evaluation)), flush=True)
    return metrics


def read_labelled(path: Path, columns: ColumnChoice, use_sets: bool, train_path: str | None) -> Labelled:
    """The test rows of a file, or all where it names no sets or they are not to be used.

    Training rows come from the same file's sets, or from another file; they are for leakage and baselines alone.
    Raises UserError empty_test_set.
    """
    records = read_table(path, columns)
    partners = read_partners(path, columns, records)
    sets = [record.set for record in records]
    if not (use_sets and any(sets)):
        rows, source = list(range(len(records))), "all rows"
        known: list[int] = []
    else:
        rows = [row for row, name in enumerate(sets) if name == "test"]
        known = [row for row, name in enumerate(sets) if name == "train"]
        source = "the file's test rows"
    if not rows:
        detail = f"No row of '{path}' is in the set test: set data.use_sets=false to take all rows."
        raise UserError("empty_test_set", detail)
    chosen, others = [records[row] for row in known + rows], _picked(partners, known + rows)
    if train_path is not None:
        more = _training_records(data_file(Path(train_path)), columns)
        chosen = more[0] + chosen[len(known) :]
        others = None if others is None or more[1] is None else more[1] + others[len(known) :]
    return Labelled(path, chosen, others, _splits(len(chosen) - len(rows), len(rows)), source)


def _splits(train: int, test: int) -> list[Split]:
    names: tuple[Split, Split] = ("train", "test")
    return [names[0]] * train + [names[1]] * test


def _training_records(path: Path, columns: ColumnChoice) -> tuple[list[Record], list[Record] | None]:
    records = read_table(path, columns)
    partners = read_partners(path, columns, records)
    rows = [row for row, record in enumerate(records) if record.set in (None, "train")]
    return [records[row] for row in rows], _picked(partners, rows)


def _picked(records: Sequence[Record] | None, rows: Sequence[int]) -> list[Record] | None:
    return None if records is None else [records[row] for row in rows]


def subject_of(served: "ServedModel", labelled: Labelled) -> "Subject":
    """Raises UserError for a record that the model cannot take, or whose label it does not know."""
    from proteinlab.training.datamodule import encoded_split
    from proteinlab.training.evaluation.answers import Questions
    from proteinlab.training.evaluation.evaluating import Subject
    from proteinlab.training.evaluation.kinship import BUDGET, measure_kinship

    samples = _samples(served, labelled)
    questions: dict[Split, Any] = {}
    encoded: dict[Split, Any] = {}
    for split in dict.fromkeys(labelled.splits):
        rows = samples.rows(served.task.level, split)
        encoded[split] = encoded_split(samples, served.task, split, rows)
        questions[split] = Questions.of(served.task, split, samples.indices(split), rows, encoded[split])
    kinship = measure_kinship(samples.sequences, samples.splits, partners=samples.partners, budget=BUDGET)
    return Subject(served, samples, questions, encoded, kinship)


def _samples(served: "ServedModel", labelled: Labelled) -> Any:
    from proteinlab.training.samples import samples_of

    return samples_of(
        labelled.path,
        labelled.records,
        labelled.partners,
        labelled.splits,
        labelled.source,
        region=served.region,
        max_length=served.max_length,
    )
